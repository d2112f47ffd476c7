"""The simulated evening: nothing is left over, and what it tells follows from what it was told."""

from benchmarks.scale import Costs, Evening, arrivals, simulate

FEW = Evening(shops=30, hours=1.0, begin=20.0, sale_at=20.25, sale_share=0.2)
COSTS = Costs(order_cpu=0.001, poll_cpu=0.01, order_commits=0.1)


def test_every_order_is_done_once_with_however_few_workers():
    found = simulate(FEW, COSTS, [1, 3])
    expected = sum(len(times) for times in arrivals(FEW))
    assert expected > 200
    assert [figures["orders"] for figures in found.values()] == [expected, expected]


def test_a_lost_push_message_costs_a_poll_and_no_order():
    deaf = Evening(shops=30, hours=1.0, push_lost=1.0, sale_share=0.0)
    heard = Evening(shops=30, hours=1.0, push_lost=0.0, sale_share=0.0)
    late, soon = (simulate(one, COSTS, [2])["2 workers"] for one in (deaf, heard))
    assert late["orders"] == soon["orders"]
    assert soon["lag_p50_s"] < 10 < late["lag_p50_s"] < deaf.poll_every


def test_a_core_that_is_too_slow_shows_in_the_lag_and_more_workers_mend_it():
    dear = Costs(order_cpu=5.0, poll_cpu=0.01, order_commits=0.1)
    found = simulate(FEW, dear, [1, 8])
    assert found["1 workers"]["cores_busy"] > 0.9
    assert found["1 workers"]["lag_p99_s"] > 3 * found["8 workers"]["lag_p99_s"]


def test_a_sale_brings_many_times_the_orders():
    calm = Evening(shops=30, hours=1.0, begin=20.0, sale_at=20.25, sale_share=0.0)
    assert sum(map(len, arrivals(FEW))) > 2 * sum(map(len, arrivals(calm)))
