package dev.groundplane.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.groundplane.platform.audit.AuditRecord.Resource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResourceNamesTest {
    @ParameterizedTest
    @CsvSource({
        "arn:aws:ecs:us-east-1:1:task-definition/etl:3, AWS::ECS::TaskDefinition",
        "arn:aws:ecs:us-east-1:1:container-instance/default/a, AWS::ECS::ContainerInstance",
        "arn:aws:logs:us-east-1:1:log-group:/a/b:*, AWS::Logs::LogGroup",
        "arn:aws:iam::1:role/x, AWS::IAM::Role",
        "arn:aws:s3:::bucket, AWS::S3::Bucket",
        "arn:aws:s3:::bucket/key, AWS::S3::Object"
    })
    void typesAreCloudFormations(String arn, String type) {
        assertThat(ResourceNames.in("{\"someArn\":\"" + arn + "\"}")).containsExactly(new Resource(type, arn));
    }

    @Test
    void eachIsNamedOnceInOrderWhereverItStands() {
        assertThat(
                        ResourceNames.in(
                                "{\"task\":{\"taskArn\":\"arn:aws:ecs:r:1:task/a\",\"Arn\":\"arn:aws:ecs:r:1:cluster/c\","
                                        + "\"list\":[{\"arn\":\"arn:aws:ecs:r:1:task/a\"},{\"taskArn\":\"arn:aws:ecs:r:1:task/b\"}]}}"))
                .extracting(Resource::name)
                .containsExactly("arn:aws:ecs:r:1:task/a", "arn:aws:ecs:r:1:cluster/c", "arn:aws:ecs:r:1:task/b");
    }

    @Test
    void textThatQuotesAnArnIsNone() {
        assertThat(ResourceNames.in("{\"reason\":\"\\\"taskArn\\\":\\\"arn:aws:ecs:r:1:task/forged\\\"\"}"))
                .isEmpty();
        assertThat(ResourceNames.in("{\"image\":\"arn:aws:ecs:r:1:task/a\",\"taskArn\":\"other\"}"))
                .isEmpty();
    }

    @Test
    void theirNumberIsBounded() {
        StringBuilder json = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            json.append("{\"taskArn\":\"arn:aws:ecs:r:1:task/").append(i).append("\"}");
        }

        assertThat(ResourceNames.in(json.toString())).hasSize(20);
    }
}
