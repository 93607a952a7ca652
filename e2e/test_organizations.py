"""Accounts of one installation in an organization, and the service control policies that bind them."""

import pytest
from botocore.exceptions import ClientError
from identities import allow, deny, policy, temporary
from installation import Installation
from test_iam_access import refused
from waiting import eventually


@pytest.fixture(scope="module")
def house():
    """An installation with an organization."""
    own = Installation()
    try:
        own.up()
        own.client("organizations").create_organization(FeatureSet="ALL")
        yield own
    finally:
        own.remove()


@pytest.fixture(scope="module")
def organizations(house):
    return house.client("organizations")


@pytest.fixture(scope="module")
def root(organizations) -> str:
    (only,) = organizations.list_roots()["Roots"]
    return only["Id"]


def account(organizations, name: str) -> str:
    """A new account's id."""
    made = organizations.create_account(Email=f"{name}@example.com", AccountName=name)["CreateAccountStatus"]
    assert made["State"] == "IN_PROGRESS"

    def there():
        status = organizations.describe_create_account_status(CreateAccountRequestId=made["Id"])["CreateAccountStatus"]
        return status.get("AccountId") if status["State"] == "SUCCEEDED" else None

    return eventually(there, "the account is there")


def enter(house, account_id: str) -> dict:
    """The keys of the role through which an account is managed."""
    arn = f"arn:aws:iam::{account_id}:role/OrganizationAccountAccessRole"
    return temporary(house.client("sts").assume_role(RoleArn=arn, RoleSessionName="admin")["Credentials"])


def test_accounts_live_in_units_and_policies_bind_them(house, organizations, root):
    team = account(organizations, "team")
    unit = organizations.create_organizational_unit(ParentId=root, Name="Production")["OrganizationalUnit"]["Id"]
    organizations.move_account(AccountId=team, SourceParentId=root, DestinationParentId=unit)
    assert organizations.list_parents(ChildId=team)["Parents"] == [{"Id": unit, "Type": "ORGANIZATIONAL_UNIT"}]
    assert [one["Id"] for one in organizations.list_accounts_for_parent(ParentId=unit)["Accounts"]] == [team]
    assert team in [one["Id"] for one in organizations.list_accounts()["Accounts"]]

    keys = enter(house, team)
    ecs = house.client("ecs", **keys)
    assert house.client("sts", **keys).get_caller_identity()["Account"] == team
    ecs.create_cluster(clusterName="before")

    with pytest.raises(organizations.exceptions.PolicyTypeAlreadyEnabledException):  # since the organization was made
        organizations.enable_policy_type(RootId=root, PolicyType="SERVICE_CONTROL_POLICY")
    control = organizations.create_policy(
        Name="no-clusters",
        Description="",
        Type="SERVICE_CONTROL_POLICY",
        Content=policy(deny("ecs:CreateCluster", Condition={"StringEquals": {"aws:PrincipalAccount": team}})),
    )["Policy"]["PolicySummary"]
    organizations.attach_policy(PolicyId=control["Id"], TargetId=unit)
    message = refused(lambda: ecs.create_cluster(clusterName="after"))
    assert message.endswith("with an explicit deny in a service control policy")
    house.client("ecs").create_cluster(clusterName="management")  # the management account is not bound
    (target,) = organizations.list_targets_for_policy(PolicyId=control["Id"])["Targets"]
    assert (target["TargetId"], target["Type"]) == (unit, "ORGANIZATIONAL_UNIT")
    with pytest.raises(organizations.exceptions.PolicyInUseException):
        organizations.delete_policy(PolicyId=control["Id"])
    organizations.detach_policy(PolicyId=control["Id"], TargetId=unit)
    ecs.create_cluster(clusterName="again")
    organizations.delete_policy(PolicyId=control["Id"])

    only_lists = organizations.create_policy(
        Name="only-lists",
        Description="",
        Type="SERVICE_CONTROL_POLICY",
        Content=policy(allow("ecs:List*")),
    )["Policy"]["PolicySummary"]["Id"]
    organizations.attach_policy(PolicyId=only_lists, TargetId=team)
    organizations.detach_policy(PolicyId="p-FullAWSAccess", TargetId=team)
    ecs.list_clusters()
    message = refused(lambda: ecs.create_cluster(clusterName="no"))
    assert message.endswith("because no service control policy allows the ecs:CreateCluster action")
    with pytest.raises(organizations.exceptions.ConstraintViolationException):
        organizations.detach_policy(PolicyId=only_lists, TargetId=team)


def test_members_cannot_manage_and_closed_accounts_can_nothing(house, organizations):
    short = account(organizations, "short")
    keys = enter(house, short)
    member = house.client("organizations", **keys)
    assert member.describe_organization()["Organization"]["MasterAccountId"] != short
    with pytest.raises(member.exceptions.AccessDeniedException):
        member.list_accounts()

    organizations.close_account(AccountId=short)
    assert organizations.describe_account(AccountId=short)["Account"]["Status"] == "SUSPENDED"
    refused(house.client("ecs", **keys).list_clusters)
    again = organizations.create_account(Email="short@example.com", AccountName="x")["CreateAccountStatus"]
    assert (again["State"], again["FailureReason"]) == ("FAILED", "EMAIL_ALREADY_EXISTS")
    with pytest.raises(ClientError, match="RemoveAccountFromOrganization is not implemented"):
        organizations.remove_account_from_organization(AccountId=short)
