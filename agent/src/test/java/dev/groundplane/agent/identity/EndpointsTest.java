package dev.groundplane.agent.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

class EndpointsTest {
    private static final URI ONE = URI.create("http://10.0.0.1:4566");
    private static final URI TWO = URI.create("http://10.0.0.2:4566");

    private final Endpoints endpoints = new Endpoints(List.of(ONE, TWO));

    @Test
    void theNextIsUsedWhenOneDoesNotAnswerAndThenTheFirstAgain() {
        assertThat(endpoints.current()).isEqualTo(ONE);
        endpoints.failed(ONE.resolve("/any/path"));
        assertThat(endpoints.current()).isEqualTo(TWO);
        endpoints.failed(TWO);
        assertThat(endpoints.current()).isEqualTo(ONE);
    }

    @Test
    void callsThatFailTogetherTurnOnce() {
        endpoints.failed(ONE);
        endpoints.failed(ONE);

        assertThat(endpoints.current()).isEqualTo(TWO);
    }

    @Test
    void aSchemesOwnPortMayBeLeftOut() {
        var other = URI.create("https://10.0.0.2");
        var known = new Endpoints(List.of(URI.create("https://10.0.0.1:443"), other));
        known.failed(URI.create("https://10.0.0.1/path"));

        assertThat(known.current()).isEqualTo(other);
    }

    @Test
    void theOnlyOneStays() {
        var only = new Endpoints(List.of(ONE));
        only.failed(ONE);

        assertThat(only.current()).isEqualTo(ONE);
    }
}
