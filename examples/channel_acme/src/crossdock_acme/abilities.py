"""What Acme Market does not offer, as a sentence for each verb."""

CANNOT = {
    "answer_cancellation": "Acme Market decides buyers' cancellations itself.",
    "fetch_label": "Acme Market's carriers print labels when they collect.",
    "pull_returns": "Acme Market settles returns with buyers alone.",
    "pull_stock": "Acme Market does not tell which levels it shows.",
    "pull_products": "Acme Market's catalogue is kept by Acme.",
    "find_product": "Acme Market's catalogue is kept by Acme.",
    "push_product": "Acme Market's catalogue is kept by Acme.",
    "delist_product": "Acme Market's catalogue is kept by Acme.",
    "delete_product": "Acme Market's catalogue is kept by Acme.",
    "push_prices": "Acme Market's prices are agreed once a year.",
}
