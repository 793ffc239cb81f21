"""Sending, editing and deleting messages; answering button presses."""

from emulator import keyboards, markup
from emulator.botapi.call import Call
from emulator.chats import Chat, Message
from emulator.errors import bad_request
from emulator.wire import Json, Value

#: Seconds in which a bot can delete a message.
DELETABLE = 48 * 3600
#: Seconds in which a button press can be answered; Telegram publishes none, short is strict.
ANSWERABLE = 60
ACTIONS = {
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "upload_document",
    "choose_sticker", "find_location", "record_video_note", "upload_video_note",
}  # fmt: skip


def send_message(call: Call) -> Json:
    """Post a text of 1 to 4,096 characters."""
    text, entities = markup.parse(
        call.params["text"], call.params.get("parse_mode", ""), call.params.get("entities")
    )
    if not text:
        raise bad_request("message text is empty")
    if len(text) > 4096:
        raise bad_request("message is too long")
    return post(call, text=text, entities=entities)


def post(call: Call, **content: Value) -> Json:
    """Post what a sending method made; raises 400, 403 or 429."""
    chat, record = call.outgoing()
    message = chat.post(
        call.bot.json(),
        call.now,
        silent=call.params.get("disable_notification", False),
        protected=call.params.get("protect_content", False),
        markup=keyboards.check(call.params.get("reply_markup"), private=chat.private),
        reply_to=_replied(call, chat),
        **content,
    )
    record()
    call.posted = message
    return message.json()


def _replied(call: Call, chat: Chat) -> Message | None:
    reply = call.params.get("reply_parameters") or {"message_id": call.params.get("reply_to_message_id")}
    lenient = reply.get("allow_sending_without_reply", call.params.get("allow_sending_without_reply"))
    number = reply.get("message_id")
    if number is None:
        return None
    found = chat.find(number) if isinstance(number, int) else None
    if found is None and not lenient:
        raise bad_request("message to be replied not found")
    return found


def edit_text(call: Call) -> Json:
    """Change an own message; what is left out of reply_markup removes the buttons, as at Telegram."""
    text, entities = markup.parse(
        call.params["text"], call.params.get("parse_mode", ""), call.params.get("entities")
    )
    if not text:
        raise bad_request("message text is empty")
    if len(text) > 4096:
        raise bad_request("MESSAGE_TOO_LONG")
    message = _own(call)
    if message.document:
        raise bad_request("there is no text in the message to edit")
    buttons = keyboards.check(call.params.get("reply_markup"), private=message.chat.private)
    return _change(call, message, text=text, entities=entities, markup=buttons)


def edit_markup(call: Call) -> Json:
    message = _own(call)
    buttons = keyboards.check(call.params.get("reply_markup"), private=message.chat.private)
    return _change(call, message, markup=buttons)


def _own(call: Call) -> Message:
    message = call.message("edit")
    if message.sender["id"] != call.bot.id:
        raise bad_request("message can't be edited")
    return message


def _change(call: Call, message: Message, **content: Value) -> Json:
    if all(getattr(message, name) == value for name, value in content.items()):
        raise bad_request(
            "message is not modified: specified new message content and reply markup are exactly the same "
            "as a current content and reply markup of the message"
        )
    for name, value in content.items():
        setattr(message, name, value)
    message.edited = call.now
    message.chat.changed.fire()
    return message.json()


def delete_message(call: Call) -> bool:
    """Delete one message, in a private chat also the person's own, within 48 hours."""
    message = call.message("delete")
    _check_deletable(call, message)
    message.chat.delete(message)
    return True


def delete_messages(call: Call) -> bool:
    """Delete 1 to 100 messages; missing ones are skipped, one that can't be deleted refuses the call."""
    numbers = call.params["message_ids"]
    if not numbers:
        raise bad_request("message identifiers are not specified")
    if len(numbers) > 100:
        raise bad_request("too many message identifiers specified")
    if not all(isinstance(number, int) for number in numbers):
        raise bad_request("can't parse message identifiers: expected an Array of Integer")
    chat = call.chat()
    found = [message for number in dict.fromkeys(numbers) if (message := chat.find(number))]
    for message in found:
        _check_deletable(call, message)
    for message in found:
        chat.delete(message)
    return True


def _check_deletable(call: Call, message: Message) -> None:
    if call.now - message.date >= DELETABLE:
        raise bad_request("message can't be deleted for everyone")
    allowed = (
        message.chat.private or message.sender["id"] == call.bot.id or call.bot.id in message.chat.admins
    )
    if not allowed or message.service:
        raise bad_request("message can't be deleted")


def answer_callback(call: Call) -> bool:
    """Answer a button press, with a toast or alert of up to 200 characters."""
    text = call.params.get("text", "")
    if len(text) > 200:
        raise bad_request("MESSAGE_TOO_LONG")
    owner, chat, pressed = call.telegram.callbacks.get(call.params["callback_query_id"], (None, None, 0.0))
    if owner is not call.bot or chat is None or call.now - pressed > ANSWERABLE:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    del call.telegram.callbacks[call.params["callback_query_id"]]
    chat.toasts.append(
        {"id": call.params["callback_query_id"], "text": text, "alert": call.params.get("show_alert", False)}
    )
    chat.changed.fire()
    return True


def send_action(call: Call) -> bool:
    """Show what the bot is doing; not counted by the limits."""
    if call.params["action"] not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    chat = call.writable()
    chat.action = call.params["action"]
    chat.changed.fire()
    return True


METHODS = {
    "sendMessage": send_message,
    "editMessageText": edit_text,
    "editMessageReplyMarkup": edit_markup,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
    "answerCallbackQuery": answer_callback,
    "sendChatAction": send_action,
}
