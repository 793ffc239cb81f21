"""What the relay may import of crypto/ reaches neither sealing nor HPKE nor private keys."""

import subprocess
import sys

import grimp
import pytest

CLIENTS_ONLY = {"crypto.chunk", "crypto.sealing", "crypto.hpke", "crypto.keys"}
GRAPH = grimp.build_graph("crypto", cache_dir=None)


@pytest.mark.parametrize("module", sorted(GRAPH.modules - CLIENTS_ONLY - {"crypto"}))
def test_a_server_module_reaches_no_private_key(module: str) -> None:
    assert not GRAPH.find_upstream_modules(module) & CLIENTS_ONLY


def test_only_sealing_has_hpke() -> None:
    assert GRAPH.find_modules_that_directly_import("crypto.hpke") == {"crypto.sealing"}
    assert GRAPH.find_modules_that_directly_import("crypto.keys") == {"crypto.sealing"}


def test_at_run_time_too() -> None:
    """No late import either: after importing all that the relay may, neither module is loaded."""
    allowed = sorted(GRAPH.modules - CLIENTS_ONLY)
    code = f"import sys, {', '.join(allowed)}; print(sorted({CLIENTS_ONLY!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
