"""Group robots of WeCom, DingTalk and Feishu: one message to an organisation's group."""

import asyncio

from huyuan.emergency.channels.letters import Letter, SendFailed
from huyuan.notifications.robots import robot_of


async def send(letter: Letter, *, address: str) -> None:
    """Post a letter to a group; in a thread, because the library waits for the answer."""
    robot = robot_of(address)
    if robot is None:
        raise SendFailed("the group robot's address is not understood", final=True)
    body = f"{letter.text}\n{letter.link}".strip()
    if not await asyncio.to_thread(robot.notify, body=body):
        raise SendFailed("the group robot did not accept the message")
