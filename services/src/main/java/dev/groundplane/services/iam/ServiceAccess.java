package dev.groundplane.services.iam;

import dev.groundplane.platform.Call;
import dev.groundplane.platform.event.Events;
import dev.groundplane.platform.identity.Scope;
import dev.groundplane.platform.policy.Policy;
import dev.groundplane.platform.store.Database;
import dev.groundplane.platform.store.ResourceType;
import dev.groundplane.platform.store.Resources;
import dev.groundplane.platform.store.Stored;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.iam.model.AccessAdvisorUsageGranularityType;
import software.amazon.awssdk.services.iam.model.AttachedPolicy;
import software.amazon.awssdk.services.iam.model.GenerateServiceLastAccessedDetailsRequest;
import software.amazon.awssdk.services.iam.model.GenerateServiceLastAccessedDetailsResponse;
import software.amazon.awssdk.services.iam.model.GetServiceLastAccessedDetailsRequest;
import software.amazon.awssdk.services.iam.model.GetServiceLastAccessedDetailsResponse;
import software.amazon.awssdk.services.iam.model.JobStatusType;
import software.amazon.awssdk.services.iam.model.ServiceLastAccessed;

/** Which services a user or role may use, and when it last did. */
final class ServiceAccess {
    private static final Pattern ENTITY =
            Pattern.compile("arn:aws:iam::([0-9]{12}):(user|role)/(?:.*/)?([\\w+=,.@-]+)");
    private static final Map<String, String> SERVICES = Map.of(
            "cloudtrail", "AWS CloudTrail",
            "ecs", "Amazon Elastic Container Service",
            "iam", "AWS Identity and Access Management",
            "logs", "Amazon CloudWatch Logs",
            "organizations", "AWS Organizations",
            "s3", "Amazon S3",
            "secretsmanager", "AWS Secrets Manager",
            "ssm", "AWS Systems Manager",
            "sts", "AWS Security Token Service");

    private final IdentityStore store;
    private final ManagedPolicyTexts managed;
    private final CompiledPolicies compiled;
    private final LastUses uses;
    private final Resources<String> jobs;
    private final InstantSource clock;

    ServiceAccess(
            IdentityStore store,
            ManagedPolicyTexts managed,
            CompiledPolicies compiled,
            LastUses uses,
            Database database,
            Events events,
            InstantSource clock) {
        this.store = store;
        this.managed = managed;
        this.compiled = compiled;
        this.uses = uses;
        this.clock = clock;
        jobs = new Resources<>(database, events, ResourceType.of("iam:access-job", text -> text, text -> text));
    }

    GenerateServiceLastAccessedDetailsResponse generate(Call call, GenerateServiceLastAccessedDetailsRequest request) {
        if (request.granularity() == AccessAdvisorUsageGranularityType.ACTION_LEVEL) {
            throw IamErrors.validation("Granularity ACTION_LEVEL is not implemented by Groundplane; leave it out.");
        }
        String arn = Members.arn("arn", request.arn());
        entity(call.scope().account(), arn);
        String id = UUID.randomUUID().toString();
        return call.commit(tx -> {
            Scope scope = IdentityStore.scope(call.scope().account());
            jobs.insert(tx, scope, id, clock.instant().getEpochSecond() + " " + arn, Map.of());
            return GenerateServiceLastAccessedDetailsResponse.builder()
                    .jobId(id)
                    .build();
        });
    }

    private Entity entity(String account, String arn) {
        Matcher parts = ENTITY.matcher(arn);
        if (!parts.matches() || !parts.group(1).equals(account)) {
            throw IamErrors.invalidInput("The ARN %s must be a user's or a role's of this account.", arn);
        }
        return store.require(EntityKind.valueOf(parts.group(2).toUpperCase(Locale.ROOT)), account, parts.group(3));
    }

    GetServiceLastAccessedDetailsResponse get(Call call, GetServiceLastAccessedDetailsRequest request) {
        String account = call.scope().account();
        String id = Members.required("jobId", request.jobId());
        String job = jobs.find(IdentityStore.scope(account), id)
                .map(Stored::value)
                .orElseThrow(() -> IamErrors.noSuch("The job %s cannot be found.".formatted(id)));
        Instant made = Instant.ofEpochSecond(Long.parseLong(job.substring(0, job.indexOf(' '))));
        Entity entity = entity(account, job.substring(job.indexOf(' ') + 1));
        List<Policy> policies = policies(account, entity);
        List<ServiceLastAccessed> services = SERVICES.keySet().stream()
                .filter(service -> policies.stream().anyMatch(policy -> policy.mentions(service)))
                .sorted()
                .map(service -> accessed(account, entity, service))
                .toList();
        Listing<ServiceLastAccessed> page = Listing.of(services, request.marker(), request.maxItems());
        return GetServiceLastAccessedDetailsResponse.builder()
                .jobStatus(JobStatusType.COMPLETED)
                .jobType(AccessAdvisorUsageGranularityType.SERVICE_LEVEL)
                .jobCreationDate(made)
                .jobCompletionDate(made)
                .servicesLastAccessed(page.items())
                .isTruncated(page.truncated())
                .marker(page.marker())
                .build();
    }

    private List<Policy> policies(String account, Entity entity) {
        List<Entity> owners = new ArrayList<>(List.of(entity));
        store.groupsOf(account, entity.id()).forEach(group -> owners.add(Entity.of(group)));
        List<Policy> policies = new ArrayList<>();
        for (Entity owner : owners) {
            store.inlinePolicies(account, owner)
                    .forEach(policy -> policies.add(compiled.identity(policy.policyDocument())));
            store.attached(account, owner).stream()
                    .map(AttachedPolicy::policyArn)
                    .forEach(arn ->
                            managed.text(account, arn).map(compiled::identity).ifPresent(policies::add));
        }
        return policies;
    }

    private ServiceLastAccessed accessed(String account, Entity entity, String service) {
        ServiceLastAccessed.Builder accessed = ServiceLastAccessed.builder()
                .serviceNamespace(service)
                .serviceName(SERVICES.get(service))
                .totalAuthenticatedEntities(0);
        uses.ofService(account, entity.id(), service)
                .ifPresent(use -> accessed.lastAuthenticated(use.time())
                        .lastAuthenticatedEntity(entity.arn())
                        .lastAuthenticatedRegion(use.region())
                        .totalAuthenticatedEntities(1));
        return accessed.build();
    }
}
