package dev.groundplane.services.organizations;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.event.Reconciler;
import dev.groundplane.platform.store.Stored;
import dev.groundplane.platform.store.Transaction;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import software.amazon.awssdk.services.organizations.model.Account;
import software.amazon.awssdk.services.organizations.model.AccountAlreadyClosedException;
import software.amazon.awssdk.services.organizations.model.AccountJoinedMethod;
import software.amazon.awssdk.services.organizations.model.AccountStatus;
import software.amazon.awssdk.services.organizations.model.CloseAccountRequest;
import software.amazon.awssdk.services.organizations.model.CloseAccountResponse;
import software.amazon.awssdk.services.organizations.model.ConstraintViolationExceptionReason;
import software.amazon.awssdk.services.organizations.model.CreateAccountFailureReason;
import software.amazon.awssdk.services.organizations.model.CreateAccountRequest;
import software.amazon.awssdk.services.organizations.model.CreateAccountResponse;
import software.amazon.awssdk.services.organizations.model.CreateAccountState;
import software.amazon.awssdk.services.organizations.model.CreateAccountStatus;
import software.amazon.awssdk.services.organizations.model.CreateAccountStatusNotFoundException;
import software.amazon.awssdk.services.organizations.model.DescribeAccountRequest;
import software.amazon.awssdk.services.organizations.model.DescribeAccountResponse;
import software.amazon.awssdk.services.organizations.model.DescribeCreateAccountStatusRequest;
import software.amazon.awssdk.services.organizations.model.DescribeCreateAccountStatusResponse;
import software.amazon.awssdk.services.organizations.model.DestinationParentNotFoundException;
import software.amazon.awssdk.services.organizations.model.InvalidInputExceptionReason;
import software.amazon.awssdk.services.organizations.model.ListAccountsForParentRequest;
import software.amazon.awssdk.services.organizations.model.ListAccountsForParentResponse;
import software.amazon.awssdk.services.organizations.model.ListAccountsRequest;
import software.amazon.awssdk.services.organizations.model.ListAccountsResponse;
import software.amazon.awssdk.services.organizations.model.ListCreateAccountStatusRequest;
import software.amazon.awssdk.services.organizations.model.ListCreateAccountStatusResponse;
import software.amazon.awssdk.services.organizations.model.MoveAccountRequest;
import software.amazon.awssdk.services.organizations.model.MoveAccountResponse;
import software.amazon.awssdk.services.organizations.model.Organization;
import software.amazon.awssdk.services.organizations.model.SourceParentNotFoundException;

/**
 * The accounts of an organization. A new one is stored as wanted, then gets its roles, and is there when it has them. Its
 * root has no key: the management account assumes the role that trusts it.
 */
final class Accounts implements AutoCloseable {
    private static final String DEFAULT_ROLE = "OrganizationAccountAccessRole";
    private static final int MOST = 1_000;
    private static final String ALL = "all";

    private final OrganizationStore store;
    private final Tree tree;
    private final AccountPreparation preparation;
    private final InstantSource clock;
    private final Reconciler<String> creations = new Reconciler<>("create-account", this::step);

    Accounts(OrganizationStore store, Tree tree, AccountPreparation preparation, InstantSource clock) {
        this.store = store;
        this.tree = tree;
        this.preparation = preparation;
        this.clock = clock;
    }

    /** Goes on with what was asked for before this process started, or of one that is gone. */
    void start() {
        store.database().replicas().whileLeading(() -> creations.enqueue(ALL));
    }

    private void step(String key) {
        if (key.equals(ALL)) {
            resume();
        } else {
            complete(key);
        }
    }

    private void resume() {
        store.statuses().all().stream()
                .filter(status -> status.value().state() == CreateAccountState.IN_PROGRESS)
                .forEach(status -> creations.enqueue(status.name()));
    }

    CreateAccountResponse create(Call call, CreateAccountRequest request) {
        Members.supported(request, "Email", "AccountName", "RoleName");
        Organization organization = tree.managed(call);
        String email = Members.email(request.email());
        String name = Members.required("AccountName", request.accountName(), 50);
        String role = Objects.requireNonNullElse(request.roleName(), DEFAULT_ROLE);
        if (!role.matches("[\\w+=,.@-]{1,64}")) {
            throw OrganizationErrors.invalid(
                    InvalidInputExceptionReason.INVALID_ROLE_NAME, "You specified an invalid RoleName: %s", role);
        }
        String id = "car-" + UUID.randomUUID().toString().replace("-", "");
        CreateAccountResponse response = call.commit(tx -> {
            if (store.in(tx, store.accounts(), organization.id()).size() >= MOST) {
                throw OrganizationErrors.violation(
                        ConstraintViolationExceptionReason.ACCOUNT_NUMBER_LIMIT_EXCEEDED,
                        "You have reached the number of %d accounts in an organization.",
                        MOST);
            }
            boolean taken = isTaken(tx, organization.id(), email);
            CreateAccountStatus status = CreateAccountStatus.builder()
                    .id(id)
                    .accountName(name)
                    .accountId(Members.accountId())
                    .state(taken ? CreateAccountState.FAILED : CreateAccountState.IN_PROGRESS)
                    .failureReason(taken ? CreateAccountFailureReason.EMAIL_ALREADY_EXISTS : null)
                    .requestedTimestamp(clock.instant())
                    .completedTimestamp(taken ? clock.instant() : null)
                    .build();
            store.statuses()
                    .insert(
                            tx,
                            OrganizationStore.GLOBAL,
                            status.id(),
                            status,
                            Map.of(
                                    OrganizationStore.ORGANIZATION,
                                    organization.id(),
                                    OrganizationStore.ROLE,
                                    role,
                                    OrganizationStore.EMAIL,
                                    email));
            return CreateAccountResponse.builder()
                    .createAccountStatus(shown(status))
                    .build();
        });
        creations.enqueue(id);
        return response;
    }

    /** Whether an account has the address, or one that is being made will. */
    private boolean isTaken(Transaction tx, String organization, String email) throws SQLException {
        return store.in(tx, store.accounts(), organization).stream()
                        .anyMatch(account -> account.value().email().equalsIgnoreCase(email))
                || store.in(tx, store.statuses(), organization).stream()
                        .filter(creation -> creation.value().state() == CreateAccountState.IN_PROGRESS)
                        .anyMatch(creation ->
                                email.equalsIgnoreCase(creation.extra().get(OrganizationStore.EMAIL)));
    }

    /** The account's id is told when the account is there. */
    private static CreateAccountStatus shown(CreateAccountStatus status) {
        return status.state() == CreateAccountState.SUCCEEDED
                ? status
                : status.toBuilder().accountId(null).build();
    }

    /** One step of the reconciler. Idempotent. */
    private void complete(String id) {
        Stored<CreateAccountStatus> known =
                store.statuses().find(OrganizationStore.GLOBAL, id).orElseThrow();
        if (known.value().state() != CreateAccountState.IN_PROGRESS) {
            return;
        }
        String organizationId = OrganizationStore.organization(known);
        Organization organization = store.organizations()
                .find(OrganizationStore.GLOBAL, organizationId)
                .orElseThrow()
                .value();
        String account = known.value().accountId();
        preparation.prepare(
                account,
                known.extra().getOrDefault(OrganizationStore.ROLE, DEFAULT_ROLE),
                organization.masterAccountId());
        store.database().write(tx -> {
            Stored<CreateAccountStatus> status =
                    store.statuses().find(tx, OrganizationStore.GLOBAL, id).orElseThrow();
            if (status.value().state() != CreateAccountState.IN_PROGRESS) {
                return status; // another control plane was quicker
            }
            Account made = Account.builder()
                    .id(account)
                    .arn("arn:aws:organizations::%s:account/%s/%s"
                            .formatted(organization.masterAccountId(), organizationId, account))
                    .email(known.extra().getOrDefault(OrganizationStore.EMAIL, ""))
                    .name(known.value().accountName())
                    .status(AccountStatus.ACTIVE)
                    .joinedMethod(AccountJoinedMethod.CREATED)
                    .joinedTimestamp(clock.instant())
                    .build();
            var root = store.root(tx, organizationId);
            store.accounts()
                    .insert(
                            tx,
                            OrganizationStore.GLOBAL,
                            account,
                            made,
                            Map.of(
                                    OrganizationStore.ORGANIZATION,
                                    organizationId,
                                    OrganizationStore.PARENT,
                                    root.name()));
            if (Places.enabled(root.value())) {
                store.attach(tx, account, ControlPolicies.FULL_ACCESS);
            }
            return store.statuses()
                    .update(
                            tx,
                            status.with(status.value().toBuilder()
                                    .state(CreateAccountState.SUCCEEDED)
                                    .completedTimestamp(clock.instant())
                                    .build()));
        });
    }

    DescribeCreateAccountStatusResponse status(Call call, DescribeCreateAccountStatusRequest request) {
        Organization organization = tree.managed(call);
        String id = Members.required("CreateAccountRequestId", request.createAccountRequestId(), 100);
        Stored<CreateAccountStatus> status = store.require(
                store.statuses(),
                organization.id(),
                id,
                missing -> CreateAccountStatusNotFoundException.builder()
                        .message("You specified a CreateAccountStatus that doesn't exist: " + missing)
                        .build());
        return DescribeCreateAccountStatusResponse.builder()
                .createAccountStatus(shown(status.value()))
                .build();
    }

    ListCreateAccountStatusResponse statuses(Call call, ListCreateAccountStatusRequest request) {
        Organization organization = tree.managed(call);
        List<CreateAccountStatus> all = store.in(store.statuses(), organization.id()).stream()
                .map(Stored::value)
                .filter(status -> request.states().isEmpty() || request.states().contains(status.state()))
                .map(Accounts::shown)
                .toList();
        Members.Part<CreateAccountStatus> page = Members.page(all, request.nextToken(), request.maxResults());
        return ListCreateAccountStatusResponse.builder()
                .createAccountStatuses(page.items())
                .nextToken(page.next())
                .build();
    }

    ListAccountsResponse list(Call call, ListAccountsRequest request) {
        Organization organization = tree.managed(call);
        Members.Part<Account> page = Members.page(
                store.in(store.accounts(), organization.id()).stream()
                        .map(Stored::value)
                        .toList(),
                request.nextToken(),
                request.maxResults());
        return ListAccountsResponse.builder()
                .accounts(page.items())
                .nextToken(page.next())
                .build();
    }

    ListAccountsForParentResponse ofParent(Call call, ListAccountsForParentRequest request) {
        String parent = tree.parent(tree.managed(call), request.parentId());
        Members.Part<Account> page = Members.page(
                store.below(store.accounts(), parent).stream()
                        .map(Stored::value)
                        .toList(),
                request.nextToken(),
                request.maxResults());
        return ListAccountsForParentResponse.builder()
                .accounts(page.items())
                .nextToken(page.next())
                .build();
    }

    private static String id(String accountId) {
        String id = Members.required("AccountId", accountId, 12);
        if (!Members.ACCOUNT.matcher(id).matches()) {
            throw OrganizationErrors.invalid(
                    InvalidInputExceptionReason.INVALID_PATTERN, "You specified an invalid AccountId: %s", id);
        }
        return id;
    }

    DescribeAccountResponse describe(Call call, DescribeAccountRequest request) {
        Organization organization = tree.managed(call);
        return DescribeAccountResponse.builder()
                .account(store.require(
                                store.accounts(),
                                organization.id(),
                                id(request.accountId()),
                                OrganizationErrors::noAccount)
                        .value())
                .build();
    }

    MoveAccountResponse move(Call call, MoveAccountRequest request) {
        Organization organization = tree.managed(call);
        String id = id(request.accountId());
        String from = Members.required("SourceParentId", request.sourceParentId(), 100);
        String to = Members.required("DestinationParentId", request.destinationParentId(), 100);
        return call.commit(tx -> {
            if (!to.equals(store.root(tx, organization.id()).name())) {
                store.require(tx, store.units(), organization.id(), to, Accounts::noDestination);
            }
            Stored<Account> account =
                    store.require(tx, store.accounts(), organization.id(), id, OrganizationErrors::noAccount);
            if (!OrganizationStore.parent(account).equals(from)) {
                throw SourceParentNotFoundException.builder()
                        .message("You specified a source parent that the account is not in: " + from)
                        .build();
            }
            store.accounts().update(tx, account.withExtra(OrganizationStore.PARENT, to));
            return MoveAccountResponse.builder().build();
        });
    }

    private static DestinationParentNotFoundException noDestination(String id) {
        return DestinationParentNotFoundException.builder()
                .message("You specified a destination parent that doesn't exist: " + id)
                .build();
    }

    /** A closed account keeps what it has, and nobody in it may do anything any more. */
    CloseAccountResponse close(Call call, CloseAccountRequest request) {
        Organization organization = tree.managed(call);
        String id = id(request.accountId());
        if (id.equals(organization.masterAccountId())) {
            throw OrganizationErrors.violation(
                    ConstraintViolationExceptionReason.CANNOT_CLOSE_MANAGEMENT_ACCOUNT,
                    "You cannot close the management account of the organization.");
        }
        return call.commit(tx -> {
            Stored<Account> account =
                    store.require(tx, store.accounts(), organization.id(), id, OrganizationErrors::noAccount);
            if (account.value().status() == AccountStatus.SUSPENDED) {
                throw AccountAlreadyClosedException.builder()
                        .message("You attempted to close an account that is already closed.")
                        .build();
            }
            store.accounts()
                    .update(
                            tx,
                            account.with(account.value().toBuilder()
                                    .status(AccountStatus.SUSPENDED)
                                    .build()));
            return CloseAccountResponse.builder().build();
        });
    }

    @Override
    public void close() {
        creations.close();
    }
}
