package dev.groundplane.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class FormNodeTest {
    @Test
    void namesWithDotsAreATree() {
        FormNode form = FormNode.parse("A.member.1.Key=x&A.member.1.Value=y&B=z");

        FormNode first = form.child("A").child("member").child("1");
        assertThat(first.child("Key").value()).isEqualTo("x");
        assertThat(first.child("Value").value()).isEqualTo("y");
        assertThat(first.value()).isNull();
        assertThat(form.child("B").value()).isEqualTo("z");
        assertThat(form.child("C")).isNull();
    }

    @Test
    void namesAndValuesAreDecodedOnceAndPlusIsASpace() {
        FormNode form = FormNode.parse("%41=a+b%2Bc%2520%C3%A9%F0%9F%98%80&x=1=2&y=");

        assertThat(form.child("A").value()).isEqualTo("a b+c%20é\ud83d\ude00");
        assertThat(form.child("x").value()).isEqualTo("1=2");
        assertThat(form.child("y").value()).isEmpty();
    }

    @Test
    void whatHasNoEqualsSignIsEmptyAndEmptyPairsAreNothing() {
        FormNode form = FormNode.parse("&&a&&b=1&");

        assertThat(form.child("a").value()).isEmpty();
        assertThat(form.child("b").value()).isEqualTo("1");
        assertThat(FormNode.parse("").isEmpty()).isTrue();
    }

    @Test
    void numberedChildrenComeInNumericOrderWhateverTheirGaps() {
        FormNode list = FormNode.parse("L.10=j&L.2=b&L.1=a&L.300=z&L.x=no&L.-1=no&L.99999999999=no")
                .child("L");

        assertThat(list.numbered()).extracting(FormNode::value).containsExactly("a", "b", "j", "z");
    }

    @Test
    void theLastOfTwoEqualNamesWins() {
        assertThat(FormNode.parse("a=1&a=2").child("a").value()).isEqualTo("2");
    }

    @Test
    void invalidPercentEncodingIsRefusedAndShown() {
        assertThatThrownBy(() -> FormNode.parse("a=%zz"))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("'%zz'");
        assertThatThrownBy(() -> FormNode.parse("%4=1")).isInstanceOf(WireException.class);
    }

    @Test
    void nestingIsBounded() {
        assertThatThrownBy(() -> FormNode.parse("a" + ".a".repeat(100) + "=1"))
                .isInstanceOf(WireException.class)
                .hasMessageContaining("nests too deep");
        assertThat(FormNode.parse("a" + ".a".repeat(99) + "=1").isEmpty()).isFalse();
    }
}
