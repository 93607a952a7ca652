"""Users, roles and policies for tests, and clients that act as them."""

import json
import uuid


def unique(prefix: str) -> str:
    return f"{prefix}-{uuid.uuid4().hex[:8]}"


def allow(*actions: str, resource="*", **more) -> dict:
    """A statement that allows."""
    return {"Effect": "Allow", "Action": list(actions), "Resource": resource, **more}


def deny(*actions: str, resource="*", **more) -> dict:
    """A statement that denies."""
    return {"Effect": "Deny", "Action": list(actions), "Resource": resource, **more}


def policy(*statements: dict) -> str:
    """A policy's text."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def trust(principal: dict | str, action="sts:AssumeRole", **more) -> str:
    """A trust policy's text."""
    return policy({"Effect": "Allow", "Principal": principal, "Action": action, **more})


def user(installation, *statements: dict, **members) -> dict:
    """A user that may do what the statements say: its name, ARN and keys as options of `installation.client`."""
    iam = installation.client("iam")
    name = unique("user")
    made = iam.create_user(UserName=name, **members)["User"]
    if statements:
        iam.put_user_policy(UserName=name, PolicyName="may", PolicyDocument=policy(*statements))
    key = iam.create_access_key(UserName=name)["AccessKey"]
    return {"name": name, "arn": made["Arn"], "keys": long_term(key)}


def long_term(key: dict) -> dict:
    return {"aws_access_key_id": key["AccessKeyId"], "aws_secret_access_key": key["SecretAccessKey"]}


def temporary(credentials: dict) -> dict:
    """Options of `installation.client` from what STS answers."""
    return {
        "aws_access_key_id": credentials["AccessKeyId"],
        "aws_secret_access_key": credentials["SecretAccessKey"],
        "aws_session_token": credentials["SessionToken"],
    }
