"""Notices of undeliverable mail as the servers of the world write them (RFC 3464, and its habits)."""

from __future__ import annotations

POSTFIX = """\
Return-Path: <>
Delivered-To: retornos@casa.test
Received: by mail.casa.test (Postfix) id 4F1; Mon, 23 Nov 2026 09:00:02 -0300 (-03)
Date: Mon, 23 Nov 2026 09:00:02 -0300 (-03)
From: MAILER-DAEMON@mail.casa.test (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: {returns}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="4F1.17/mail.casa.test"

This is a MIME-encapsulated message.

--4F1.17/mail.casa.test
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

<bruno@example.test>: host mx.example.test[192.0.2.1] said: 550 5.1.1
    <bruno@example.test>: Recipient address rejected: User unknown (in reply to RCPT TO command)

--4F1.17/mail.casa.test
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.casa.test
X-Postfix-Queue-ID: 4F1
Arrival-Date: Mon, 23 Nov 2026 09:00:00 -0300 (-03)

Final-Recipient: rfc822; bruno@example.test
Original-Recipient: rfc822;bruno@example.test
Action: failed
Status: 5.1.1
Remote-MTA: dns; mx.example.test
Diagnostic-Code: smtp; 550 5.1.1 <bruno@example.test>: Recipient address
    rejected: User unknown

--4F1.17/mail.casa.test
Content-Description: Undelivered Message Headers
Content-Type: text/rfc822-headers

From: Lacre <lacre@casa.test>
To: Bruno <bruno@example.test>
Subject: Falta a sua assinatura

--4F1.17/mail.casa.test--
"""
EXCHANGE = """\
From: postmaster@example.test
To: {returns}
Date: Mon, 23 Nov 2026 12:00:02 +0000
Content-Type: multipart/report; report-type=delivery-status; boundary="b1_=_x"
MIME-Version: 1.0
Subject: =?utf-8?B?TsOjbyBlbnRyZWd1ZQ==?=

--b1_=_x
Content-Type: multipart/alternative; boundary="b2"

--b2
Content-Type: text/plain; charset="utf-8"
Content-Transfer-Encoding: base64

TsOjbyBmb2kgcG9zc8OtdmVsIGVudHJlZ2FyLg==
--b2--
--b1_=_x
Content-Type: message/delivery-status

Reporting-MTA: dns;AM6PR01.prod.outlook.com
Received-From-MTA: dns;mail.casa.test

Final-Recipient: rfc822;bruno@example.test
Action: failed
Status: 5.7.1
Diagnostic-Code: smtp;550 5.7.1 TRANSPORT.RULES.RejectMessage; the message was rejected

--b1_=_x
Content-Type: message/rfc822

From: Lacre <lacre@casa.test>
To: bruno@example.test
Subject: =?utf-8?q?Assinatura?=

Corpo
--b1_=_x--
"""
GAVE_UP = """\
From: Mail Delivery Subsystem <mailer-daemon@googlemail.test>
Delivered-To: {returns}
To: other@casa.test
Content-Type: multipart/report; boundary="x"; report-type=delivery-status
Subject: Delivery Status Notification (Failure)

--x
Content-Type: text/plain

The response was: the domain could not be found.
--x
Content-Type: message/delivery-status

Reporting-MTA: dns; googlemail.test

Final-Recipient: rfc822; bruno@example.test
Action: failed
Status: 4.4.1
Last-Attempt-Date: Mon, 23 Nov 2026 04:00:00 -0800 (PST)

--x--
"""
LATE = POSTFIX.replace("Action: failed", "Action: delayed").replace("Status: 5.1.1", "Status: 4.4.1")
VACATION = """\
From: bruno@example.test
To: {returns}
Subject: Estou de ferias
Auto-Submitted: auto-replied
Content-Type: text/plain

550 Volto em janeiro.
"""


def notice(text: str, returns: str) -> bytes:
    return text.replace("{returns}", returns).replace("\n", "\r\n").encode()
