"""Documents: upload, resend by file_id, download."""

from emulator import markup
from emulator.botapi.call import Call
from emulator.botapi.messages import post
from emulator.chats import Document
from emulator.errors import BotApiError, bad_request
from emulator.wire import Json

UPLOAD_LIMIT = 50 * 1024 * 1024
DOWNLOAD_LIMIT = 20 * 1024 * 1024


def send_document(call: Call) -> Json:
    """Send a new file (multipart) of up to 50 MB, or a known one by file_id."""
    caption, entities = markup.parse(
        call.params.get("caption", ""), call.params.get("parse_mode", ""), call.params.get("caption_entities")
    )
    if len(caption) > 1024:
        raise bad_request("message caption is too long")
    document = _document(call)
    message = post(call, text=caption, entities=entities, document=document)
    call.telegram.documents[document.file_id] = document
    return message


def _document(call: Call) -> Document:
    named = call.params["document"]
    if not named.startswith("attach://"):
        if named in call.telegram.documents:
            return call.telegram.documents[named]
        raise bad_request("wrong file identifier/HTTP URL specified")
    upload: Document | None = call.uploads.get(named.removeprefix("attach://"))
    if upload is None:
        raise bad_request("there is no document in the request")
    if not upload.content:
        raise bad_request("file must be non-empty")
    if len(upload.content) > UPLOAD_LIMIT:
        raise BotApiError(413, "Request Entity Too Large")
    return upload


def get_file(call: Call) -> Json:
    """Where to download a file of up to 20 MB: /file/bot<token>/<file_path>."""
    document = call.telegram.documents.get(call.params["file_id"])
    if document is None:
        raise bad_request("invalid file_id")
    if len(document.content) > DOWNLOAD_LIMIT:
        raise bad_request("file is too big")
    return {
        "file_id": document.file_id,
        "file_unique_id": document.unique_id,
        "file_size": len(document.content),
        "file_path": document.file_path,
    }


METHODS = {"sendDocument": send_document, "getFile": get_file}
