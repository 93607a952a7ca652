"""Temporary credentials: roles with external ids, session policies and tags; users' own; federated; by identity provider."""

import base64
import datetime
import http.server
import json
import threading
import time

import pytest
import rsa
from botocore import UNSIGNED
from botocore.config import Config
from identities import allow, policy, temporary, trust, unique, user
from test_iam_access import refused
from waiting import eventually


def role(installation, principal, *statements: dict, **more) -> str:
    """A role that trusts the principal and may do what the statements say; its ARN."""
    iam = installation.client("iam")
    name = unique("role")
    document = more.pop("document", None) or trust(principal)
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document, **more)["Role"]["Arn"]
    iam.put_role_policy(RoleName=name, PolicyName="may", PolicyDocument=policy(*statements))
    return arn


def test_a_third_party_needs_the_external_id(installation):
    partner = user(installation)
    document = trust({"AWS": partner["arn"]}, Condition={"StringEquals": {"sts:ExternalId": "contract-7"}})
    arn = role(installation, None, allow("ecs:ListClusters"), document=document)
    sts = installation.client("sts", **partner["keys"])

    refused(lambda: sts.assume_role(RoleArn=arn, RoleSessionName="work"), "AccessDenied")
    refused(lambda: sts.assume_role(RoleArn=arn, RoleSessionName="work", ExternalId="other"), "AccessDenied")
    keys = temporary(sts.assume_role(RoleArn=arn, RoleSessionName="work", ExternalId="contract-7")["Credentials"])
    assert installation.client("sts", **keys).get_caller_identity()["Arn"].endswith("/work")
    installation.client("ecs", **keys).list_clusters()


def test_trust_in_the_account_leaves_it_to_the_users_policies(installation, sts):
    account = sts.get_caller_identity()["Account"]
    arn = role(installation, {"AWS": account}, allow("ecs:*"))
    without, other = user(installation), user(installation, allow("sts:AssumeRole", resource=arn + "x"))
    may = user(installation, allow("sts:AssumeRole", resource=arn))

    for someone in (without, other):
        message = refused(
            lambda: installation.client("sts", **someone["keys"]).assume_role(RoleArn=arn, RoleSessionName="no"),
            "AccessDenied",
        )
        assert "because no identity-based policy allows the sts:AssumeRole action" in message
    installation.client("sts", **may["keys"]).assume_role(RoleArn=arn, RoleSessionName="yes")


def test_a_session_policy_only_takes_away(installation, sts):
    account = sts.get_caller_identity()["Account"]
    arn = role(installation, {"AWS": account}, allow("ecs:List*"))
    session = sts.assume_role(
        RoleArn=arn, RoleSessionName="narrow", Policy=policy(allow("ecs:ListClusters", "logs:*"))
    )
    ecs = installation.client("ecs", **temporary(session["Credentials"]))

    assert session["PackedPolicySize"] > 0
    ecs.list_clusters()
    message = refused(lambda: ecs.list_tasks())
    assert message.endswith("because no session policy allows the ecs:ListTasks action")
    message = refused(lambda: installation.client("logs", **temporary(session["Credentials"])).describe_log_groups())
    assert message.endswith("because no identity-based policy allows the logs:DescribeLogGroups action")

    managed = sts.assume_role(
        RoleArn=arn, RoleSessionName="none", PolicyArns=[{"arn": "arn:aws:iam::aws:policy/CloudWatchLogsFullAccess"}]
    )
    refused(installation.client("ecs", **temporary(managed["Credentials"])).list_clusters)


def test_session_tags_decide_and_transitive_ones_go_on(installation, sts):
    account = sts.get_caller_identity()["Account"]
    both = trust({"AWS": account}, action=["sts:AssumeRole", "sts:TagSession"])
    red = allow("ecs:ListClusters", Condition={"StringEquals": {"aws:PrincipalTag/team": "red"}})
    second = role(installation, None, red, document=both)
    first = role(installation, None, red, allow("sts:AssumeRole", "sts:TagSession", resource=second), document=both)
    tags = [{"Key": "team", "Value": "red"}, {"Key": "job", "Value": "x"}]
    session = sts.assume_role(RoleArn=first, RoleSessionName="first", Tags=tags, TransitiveTagKeys=["team"])
    keys = temporary(session["Credentials"])

    installation.client("ecs", **keys).list_clusters()
    plain = temporary(sts.assume_role(RoleArn=first, RoleSessionName="plain")["Credentials"])
    refused(installation.client("ecs", **plain).list_clusters)
    chained = installation.client("sts", **keys)
    refused(lambda: chained.assume_role(RoleArn=second, RoleSessionName="second", DurationSeconds=3601), "ValidationError")
    refused(
        lambda: chained.assume_role(RoleArn=second, RoleSessionName="second", Tags=[{"Key": "Team", "Value": "blue"}]),
        "InvalidParameterValue",
    )
    third = temporary(chained.assume_role(RoleArn=second, RoleSessionName="second")["Credentials"])
    installation.client("ecs", **third).list_clusters()


def test_users_have_sessions_of_their_own(installation):
    someone = user(installation, allow("ecs:ListClusters", "iam:*", "sts:GetFederationToken"))
    sts = installation.client("sts", **someone["keys"])
    keys = temporary(sts.get_session_token(DurationSeconds=900)["Credentials"])

    assert installation.client("sts", **keys).get_caller_identity()["Arn"] == someone["arn"]
    installation.client("ecs", **keys).list_clusters()
    refused(installation.client("iam", **keys).list_users, "AccessDenied")
    refused(installation.client("sts", **keys).get_session_token, "AccessDenied")

    federated = sts.get_federation_token(Name="guest", Policy=policy(allow("ecs:*")))
    guest = temporary(federated["Credentials"])
    assert installation.client("sts", **guest).get_caller_identity()["Arn"] == federated["FederatedUser"]["Arn"]
    installation.client("ecs", **guest).list_clusters()
    refused(lambda: installation.client("ecs", **guest).create_cluster(clusterName="x"))
    bare = temporary(sts.get_federation_token(Name="bare")["Credentials"])
    refused(installation.client("ecs", **bare).list_clusters)

    account = someone["arn"].split(":")[4]
    root = installation.client("sts")
    assert root.get_access_key_info(AccessKeyId=someone["keys"]["aws_access_key_id"])["Account"] == account


class Issuer:
    """An identity provider on a loopback port, with one RSA key."""

    def __init__(self) -> None:
        self.public, self.private = rsa.newkeys(2048)
        issuer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = json.dumps(issuer.documents()[self.path]).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *arguments) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def documents(self) -> dict:
        def number(value: int) -> str:
            return encoded(value.to_bytes((value.bit_length() + 7) // 8, "big"))

        key = {"kty": "RSA", "kid": "k", "alg": "RS256", "n": number(self.public.n), "e": number(self.public.e)}
        url = f"http://{self.host}"
        return {
            "/.well-known/openid-configuration": {"issuer": url, "jwks_uri": f"{url}/keys"},
            "/keys": {"keys": [key]},
        }

    def token(self, **claims) -> str:
        until = int(time.time()) + 300
        body = {"iss": f"http://{self.host}", "aud": "airflow", "sub": "dag:risk", "exp": until, **claims}
        text = ".".join(encoded(json.dumps(part).encode()) for part in ({"alg": "RS256", "kid": "k"}, body))
        return text + "." + encoded(rsa.sign(text.encode(), self.private, "SHA-256"))


def encoded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


@pytest.fixture
def issuer():
    made = Issuer()
    yield made
    made.server.shutdown()


def test_a_program_with_a_token_of_the_houses_issuer_needs_no_key(installation, issuer, cloudtrail):
    iam = installation.client("iam")
    provider = iam.create_open_id_connect_provider(Url=f"http://{issuer.host}", ClientIDList=["airflow"])[
        "OpenIDConnectProviderArn"
    ]
    document = trust(
        {"Federated": provider},
        action="sts:AssumeRoleWithWebIdentity",
        Condition={"StringLike": {f"{issuer.host}:sub": "dag:*"}},
    )
    arn = role(installation, None, allow("ecs:ListClusters"), document=document)
    sts = installation.client("sts", config=Config(signature_version=UNSIGNED, retries={"total_max_attempts": 1}))

    def assume(token: str):
        return sts.assume_role_with_web_identity(RoleArn=arn, RoleSessionName="risk", WebIdentityToken=token)

    token = issuer.token()
    answer = assume(token)
    assert answer["SubjectFromWebIdentityToken"] == "dag:risk"
    installation.client("ecs", **temporary(answer["Credentials"])).list_clusters()
    refused(lambda: assume(issuer.token(sub="user:bob")), "AccessDenied")
    refused(lambda: assume(issuer.token(exp=int(time.time()) - 1)), "ExpiredTokenException")
    refused(lambda: assume(issuer.token(aud="other")), "IDPRejectedClaim")
    refused(lambda: assume(token[:-8] + "AAAAAAAA"), "InvalidIdentityToken")
    since = datetime.datetime.now(datetime.UTC) - datetime.timedelta(hours=1)
    named = [{"AttributeKey": "EventName", "AttributeValue": "AssumeRoleWithWebIdentity"}]
    events = eventually(
        lambda: cloudtrail.lookup_events(StartTime=since, LookupAttributes=named)["Events"], "the calls are recorded"
    )
    assert all(token not in event["CloudTrailEvent"] for event in events)
