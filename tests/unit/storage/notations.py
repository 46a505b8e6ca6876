"""One failure as different programs print it."""

from __future__ import annotations

import json
import xmlrpc.client
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

NOISE = (
    "Nov  3 10:11:12 xen1 xapi: [error|xen1|4711 |Async.SR.probe R:0a1b2c|backtrace] SR.probe failed with exception "
)


_POST = "POST / HTTP/1.1\r\nHost: xen1\r\nContent-Type: text/xml\r\n\r\n"
_OK = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"


def as_xe(details: Sequence[str]) -> str:
    return f"Error code: {details[0]}\nError parameters: {', '.join(details[1:])}\n"


def as_log(details: Sequence[str]) -> str:
    return f"{details[0]}: [ {'; '.join(details[1:])} ]"


def as_log_in_one_line(details: Sequence[str]) -> str:
    inside = as_log(details).replace("\n", "\\n").replace("\t", "\\t").replace('"', '\\"')
    return f"{NOISE}{inside}\n{NOISE}1/2 xapi Raised at file xapi_sr.ml, line 1\n"


def as_syslog(details: Sequence[str]) -> str:
    return NOISE + as_log(details).replace("\n", "#012").replace("\t", "#011") + "\n"


def as_hexadecimal_log(details: Sequence[str]) -> str:
    return NOISE + as_log(details).replace("\n", "\\x0A").replace("\t", "\\x09") + "\n"


def as_server_error(details: Sequence[str]) -> str:
    return f"{NOISE}Server_error({details[0]}, [ {'; '.join(details[1:])} ])\n"


def as_json_list(details: Sequence[str]) -> str:
    return json.dumps(list(details), indent=1)


def as_json_object(details: Sequence[str]) -> str:
    return json.dumps({"name": "XapiError", "code": details[0], "params": list(details[1:])})


def as_xen_orchestra(details: Sequence[str]) -> str:
    message = f"{details[0]}({', '.join(details[1:])})"
    return json.dumps({"params": {"host": "1"}, "name": "XapiError", "message": message, "code": details[0]}, indent=2)


def as_lines_of_a_log(details: Sequence[str]) -> str:
    return "\n".join(NOISE + line for line in as_log(details).splitlines()).replace(
        NOISE, NOISE.partition(" SR.")[0] + " "
    )


def as_lines_of_xapis_own_log(details: Sequence[str]) -> str:
    mark = "[20150203T10:11:12.123Z|error|xen1|4711 UNIX /var/xapi/xapi|SR.probe R:0a1b2c|backtrace] "
    return "\n".join(mark + line for line in as_log(details).splitlines())


def as_json_in_json(details: Sequence[str]) -> str:
    return json.dumps({"log": json.dumps(list(details))})


def as_traceback(details: Sequence[str]) -> str:
    return f'Traceback (most recent call last):\n  File "probe.py", line 3\nXenAPI.XenAPI.Failure: {list(details)!r}\n'


def as_slack(details: Sequence[str]) -> str:
    return json.dumps(list(details)).replace('\\"', '"').replace('"', "\u201c")


def as_mail(details: Sequence[str]) -> str:
    lines = "\n".join(f"> {line}" for line in as_xe(details).splitlines())
    return f"Hello,\n\nsomebody wrote:\n{lines}\n> > what now?\n\nRegards"


def on_a_terminal(details: Sequence[str]) -> str:
    return f"[root@xen1 ~]# xe sr-probe type=lvmoiscsi\n{as_xe(details)}[root@xen1 ~]# ".replace("\t", " " * 8)


def on_windows(details: Sequence[str]) -> str:
    return "\ufeff" + as_xe(details).replace("\n", "\r\n")


def as_capture(details: Sequence[str]) -> str:
    """A call and its answer, as they go over the wire."""
    call = xmlrpc.client.dumps(("OpaqueRef:1", {"chappassword": "Canary"}), "SR.probe")
    answer = {"Status": "Failure", "ErrorDescription": list(details)}
    return f"{_POST}{call}\n{_OK}{xmlrpc.client.dumps((answer,), methodresponse=True)}\n"


def as_bare_capture(details: Sequence[str]) -> str:
    """As xapi writes it: strings without a tag of their own, and all of it in one line."""
    values = "".join(f"<value>{escape(each)}</value>" if each else "<value/>" for each in details)
    status = "<member><name>Status</name><value>Failure</value></member>"
    failed = f"<member><name>ErrorDescription</name><value><array><data>{values}</data></array></value></member>"
    return (
        '<?xml version="1.0"?><methodResponse><params><param><value><struct>'
        f"{status}{failed}</struct></value></param></params></methodResponse>"
    )


def as_record_of_a_failed_task(details: Sequence[str]) -> str:
    record = {"name_label": "Async.SR.probe", "status": "failure", "result": "", "error_info": list(details)}
    return xmlrpc.client.dumps(({"Status": "Success", "Value": record},), methodresponse=True)


def as_task(details: Sequence[str]) -> str:
    return f"{details[0]}\n<value>{escape(details[-1])}</value>"


def as_tasks_record(details: Sequence[str]) -> str:
    record = {"name_label": details[0], "status": "success", "result": f"<value>{escape(details[-1])}</value>"}
    return json.dumps(record)


def as_answer(details: Sequence[str]) -> str:
    """A task's result inside an answer of XML-RPC."""
    return f"{details[0]}\n<value>{escape(f'<value>{escape(details[-1])}</value>')}</value>"


NOTATIONS: Sequence[Callable[[Sequence[str]], str]] = (
    as_xe,
    as_log,
    as_log_in_one_line,
    as_syslog,
    as_hexadecimal_log,
    as_server_error,
    as_json_list,
    as_json_object,
    as_json_in_json,
    as_xen_orchestra,
    as_lines_of_a_log,
    as_lines_of_xapis_own_log,
    as_traceback,
    as_slack,
    as_mail,
    on_a_terminal,
    on_windows,
    as_capture,
    as_bare_capture,
    as_record_of_a_failed_task,
    as_task,
    as_tasks_record,
    as_answer,
)
