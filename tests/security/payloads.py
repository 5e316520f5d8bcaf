"""Forty ways to smuggle a script into a text, and every text that the database can hold.

Each payload, run, sets `window.__xss`.
"""

from typing import Any

from django.apps import apps
from django.db import models

from callout.kernel import clock
from callout.kernel.models import JournalEntry

PAYLOADS = [
    "<script>__xss=1</script>",
    '"><script>__xss=1</script>',
    "'><script>__xss=1</script>",
    "</script><script>__xss=1</script>",
    "</title><script>__xss=1</script>",
    "</textarea><script>__xss=1</script>",
    "</option></select><script>__xss=1</script>",
    "--><script>__xss=1</script>",
    "]]><script>__xss=1</script>",
    "<scr<script>ipt>__xss=1</script>",
    "<SCRIPT SRC=data:,__xss=1></SCRIPT>",
    "<img src=x onerror=__xss=1>",
    '"><img src=x onerror=__xss=1>',
    "'><img src=x onerror=__xss=1>",
    "<img/src=x/onerror=__xss=1>",
    "<svg onload=__xss=1>",
    "<svg><script>__xss=1</script></svg>",
    "<svg><animate onbegin=__xss=1 attributeName=x>",
    "<body onload=__xss=1>",
    "<input autofocus onfocus=__xss=1>",
    '" autofocus onfocus="__xss=1',
    "' autofocus onfocus='__xss=1",
    '" onmouseover="__xss=1" x="',
    " autofocus onfocus=__xss=1 ",
    "<details open ontoggle=__xss=1>",
    "<video><source onerror=__xss=1></video>",
    "<audio src=x onerror=__xss=1>",
    "<iframe srcdoc='<script>parent.__xss=1</script>'>",
    "<iframe src=javascript:parent.__xss=1>",
    "<object data=javascript:__xss=1>",
    "<a href=javascript:__xss=1 autofocus>x</a>",
    "javascript:__xss=1",
    "<form action=javascript:__xss=1><button>x",
    "<meta http-equiv=refresh content=0;javascript:__xss=1>",
    "<p hx-get=/ hx-trigger=load hx-on::load=__xss=1>",
    "&lt;script&gt;__xss=1&lt;/script&gt;",
    "\\u003cscript\\u003e__xss=1\\u003c/script\\u003e",
    "{{7331*7}}{% debug %}${7331*7}",
    "<style>*{background:url(javascript:__xss=1)}</style>",
    "<math><mtext><style><img src=x onerror=__xss=1>",
]
ROOMS = (
    "accounts", "customers", "workforce", "orders", "fieldwork", "planning", "webhooks", "backup",
)  # fmt: skip
# No texts of people: codes, keys, and what a check has made uniform before it is stored.
CODES = {
    "icon", "code", "colour", "currency", "country", "time_zone", "language", "hash", "prefix",
    "sha256", "sha256_sent", "media_type", "action", "door", "password", "phone", "mobile",
    "caller_phone", "vat_number", "access_code_encrypted", "seal", "seal_sha256",
    "image_sha256_sent", "encoding", "separator", "off_why", "view", "columns",
}  # fmt: skip
NOT_WORDS = {"User.email", "Attachment.kind", "UserSession.session_key", "UserSession.user_agent"}
# What somebody's table says, and what the other program, the folder or the worker answered.
SHAPED = {
    "Import.head", "Import.sample", "ImportRow.values", "ImportRow.changes", "ImportRow.errors",
    "ChecklistItem.choices", "ChecklistAnswer.value",
}  # fmt: skip


def texts(model: type[models.Model]) -> list["models.Field[Any, Any]"]:
    """The fields of a thing that hold what people have typed."""
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and not isinstance(field, models.GeneratedField)
        and not field.choices
        and field.name not in CODES
        and f"{model.__name__}.{field.name}" not in NOT_WORDS
    ]


def text_for(field: "models.Field[Any, Any]", number: int) -> str:
    """A payload that fits the field, another for each number; long fields hold all forty."""
    room = field.max_length or 4000
    if room >= 2000:
        return "\n".join(PAYLOADS[number % 40 :] + PAYLOADS[: number % 40])
    mark = f"{number % 100}"
    fitting = [one for one in PAYLOADS if len(one) + len(mark) <= room]
    return f"{fitting[number % len(fitting)]}{mark}" if fitting else f"<{mark}>"[:room]


def reshaped(value: Any, number: int) -> Any:
    """The same shape, with a payload for each text in it; its names stay."""
    if isinstance(value, dict):
        return {name: reshaped(one, number) for name, one in value.items()}
    if isinstance(value, list):
        return [reshaped(one, number + place) for place, one in enumerate(value)]
    return PAYLOADS[number % 40] if isinstance(value, str) else value


def shapes(model: type[models.Model]) -> list["models.Field[Any, Any]"]:
    """The fields of a thing that hold texts within texts."""
    fields = model._meta.concrete_fields
    return [field for field in fields if f"{model.__name__}.{field.name}" in SHAPED]


def told(number: int) -> None:
    """Of each thing that the journal tells of, a line by a payload; written lines do not change."""
    things = JournalEntry.objects.values_list("entity", "entity_id", "kind").distinct()
    for place, (entity, pk, kind) in enumerate(list(things)):
        JournalEntry.objects.create(
            at=clock.now(), door="system", entity=entity, entity_id=pk, kind=kind,
            actor_name=text_for(JournalEntry._meta.get_field("actor_name"), number + place),
            personal={"name": [PAYLOADS[number % 40]] * 2},
        )  # fmt: skip


def plant(number: int) -> int:
    """Every text of every row becomes a payload; how many did."""
    planted = 0
    told(number)
    for room in ROOMS:
        for model in apps.get_app_config(room).get_models():
            plain, shaped = texts(model), shapes(model)
            names = [field.attname for field in (*plain, *shaped)]
            for place, row in enumerate(model._default_manager.order_by("pk")):
                for field in plain:
                    setattr(row, field.attname, text_for(field, number + place))
                for field in shaped:
                    old = getattr(row, field.attname)
                    setattr(row, field.attname, reshaped(old, number + place))
                if names:
                    row.save(update_fields=names)
                planted += len(names)
    return planted
