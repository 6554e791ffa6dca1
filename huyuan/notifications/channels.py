"""Ways out: e-mail and group robots. Each takes a delivery or raises SendFailed."""

import smtplib

from django.conf import settings
from django.core.mail import send_mail

from huyuan.common.languages import RECORD_LANGUAGE
from huyuan.notifications.actions import SendFailed
from huyuan.notifications.kinds import sentence
from huyuan.notifications.models import Delivery
from huyuan.notifications.robots import robot_of


def send_email(delivery: Delivery) -> None:
    """Mail the sentence with its address in the product."""
    message = delivery.message
    text = sentence(message.kind, message.facts, message.recipient.language)
    # A header is one line; what people wrote may have several.
    subject = " ".join(text.split())[:60]
    try:
        send_mail(subject, f"{text}\n\n{settings.ADDRESS}{message.url}", None, [message.recipient.email])
    except (smtplib.SMTPException, OSError) as error:
        raise SendFailed(f"{type(error).__name__}") from error


def send_to_group(delivery: Delivery) -> None:
    """Post the sentence to an organisation's group robot."""
    if delivery.channel is None or not delivery.channel.active:
        raise SendFailed("the group robot was removed")
    robot = robot_of(delivery.channel.address)
    if robot is None:
        raise SendFailed("the group robot's address is not understood")
    message = delivery.message
    text = sentence(message.kind, message.facts, RECORD_LANGUAGE)
    if not robot.notify(body=f"{text}\n{settings.ADDRESS}{message.url}"):
        raise SendFailed("the group robot did not accept the message")


def send(delivery: Delivery) -> None:
    """Send by the delivery's own way; words or an address that its library refuses are a failure like another."""
    by_way = {Delivery.Way.EMAIL: send_email, Delivery.Way.GROUP: send_to_group}[Delivery.Way(delivery.way)]
    try:
        by_way(delivery)
    except ValueError as error:
        raise SendFailed(type(error).__name__) from error
