"""drt-core: writes its project (a profile and a sync) and prints nothing; `drt run` does the rest.

Its REST source can neither sign nor fetch details of a list, so it reads whole orders from a flat, unsigned list: an
easier job than everybody else's. Its own limit of 10 requests a second is lifted.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from benchmarks.job import Job
from benchmarks.peers.marketplace import job

_LINE = """{"line": {{ loop.index }}, "item": "{{ line.model_sku.split('-')[0] }}",
 "variant": "{{ line.model_sku.split('-')[1] }}", "description": {{ line.item_name | tojson }},
 "quantity": {{ line.model_quantity_purchased }}, "price": {{ line.model_original_price }},
 "net_price": {{ line.model_discounted_price }},
 "discount": {{ (line.model_original_price - line.model_discounted_price) * line.model_quantity_purchased }},
 "amount": {{ line.model_discounted_price * line.model_quantity_purchased }}}"""
_BODY = (
    """{"reference": "{{ row.order_sn }}", "status": "Open", "currency": "{{ row.currency }}", "store": "S0013",
 "name": {{ row.recipient_address.name | tojson }}, "phone": {{ row.recipient_address.phone | tojson }},
 "address": {{ row.recipient_address.full_address | tojson }}, "city": {{ row.recipient_address.city | tojson }},
 "post_code": {{ row.recipient_address.zipcode | tojson }}, "country": {{ row.recipient_address.region | tojson }},
 "shipping": {{ row.shipping_carrier | tojson }}, "shipping_fee": {{ row.estimated_shipping_fee }},
 "payment": {{ row.payment_method | tojson }}, "total": {{ row.total_amount }}, "ordered_at": {{ row.create_time }},
 "lines": [{% for line in row.item_list %}"""
    + _LINE
    + "{% if not loop.last %},{% endif %}{% endfor %}]}"
)


def write(job: Job) -> None:
    """Write the project into the job's folder; YAML reads JSON."""
    folder = Path(job.folder)
    files = {
        "drt_project.yml": {"name": "bench", "version": "0.1", "profile": "shop"},
        ".drt/profiles.yml": {"shop": _profile(job)},
        "syncs/orders.yml": _sync(job),
    }
    for name, content in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(json.dumps(content))


def _profile(job: Job) -> dict[str, object]:
    return {
        "type": "rest_api",
        "url": f"{job.marketplace}/orders",
        "result_path": "order_list",
        "pagination": {"type": "offset", "limit": 50, "max_pages": 1_000_000},
        "incremental": {"start_param": "since"},
    }


def _sync(job: Job) -> dict[str, object]:
    return {
        "name": "orders",
        "model": "orders",
        "destination": {
            "type": "rest_api",
            "url": f"{job.backend}/documents",
            "method": "POST",
            "headers": {"Content-Type": "application/json"},
            "body_template": _BODY,
        },
        "sync": {
            "mode": "incremental",
            "cursor_field": "update_time",
            "rate_limit": {"requests_per_second": 1_000_000},
            "on_error": "skip",
            "dlq": {"enabled": True},
        },
    }


if __name__ == "__main__":
    write(job())
    os.chdir(job().folder)
