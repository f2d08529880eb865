"""A small result for the tests of its page, and one in which every text of a user's tries to be code."""

import json

import msgspec
from worlds import run

from compare.record import Record

RESULT = run()
RECORD = Record.of(RESULT)
EVIL = "</script><script>window.stolen = 1</script><img src=x onerror='window.stolen = 1'> $$x$$ & `code`"


def evil() -> Record:
    changed = msgspec.json.encode(RECORD).decode()
    for name in ("liquidity provider", "market maker"):
        changed = changed.replace(json.dumps(name)[1:-1], json.dumps(f"{name} {EVIL}")[1:-1])
    record = msgspec.json.decode(changed, type=Record)
    setting = {**record.setting, "path": EVIL, "tape": EVIL}
    rerun = msgspec.structs.replace(record.rerun, command=f"lpmm compare --prices '{EVIL}'")
    return msgspec.structs.replace(record, setting=setting, rerun=rerun)
