"""All families, in the order in which they run."""

from bench import (
    app,
    delivery,
    growth,
    ingest,
    lateness,
    paid,
    postgres,
    release,
    sealing,
    serve,
    storing,
    upload,
)
from bench.figure import Bench

FAMILIES: dict[str, Bench] = {
    bench.name: bench
    for bench in (
        storing.BENCH,
        ingest.BENCH,
        delivery.BROADCAST,
        paid.BENCH,
        delivery.REFUSAL,
        release.BENCH,
        lateness.BENCH,
        sealing.BENCH,
        upload.BENCH,
        app.BENCH,
        serve.STARTUP,
        serve.MEMORY,
        postgres.BENCH,
        growth.BENCH,
        growth.LARGE,
    )
}
