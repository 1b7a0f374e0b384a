package io.github.forkless.coordinator.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonGenerator;
import io.github.forkless.common.value.RecordValue;
import io.github.forkless.coordinator.cli.ParsedJson;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class JsonTest {

    @Test
    void integersAreWrittenInFull() throws Exception {
        assertThat(json((byte) -1)).isEqualTo("-1");
        assertThat(json((short) 300)).isEqualTo("300");
        assertThat(json(Integer.MIN_VALUE)).isEqualTo("-2147483648");
        assertThat(json(Long.MAX_VALUE)).isEqualTo("9223372036854775807");
        assertThat(json(BigInteger.TWO.pow(100))).isEqualTo("1267650600228229401496703205376");
    }

    @Test
    void floatsReadBackTheSame() throws Exception {
        for (double value :
                new double[] {0.1, -0.0, Double.MIN_VALUE, Double.MAX_VALUE, 1 / 3.0, 1e22, 123456789.125}) {
            assertThat(Double.parseDouble(json(value))).isEqualTo(value);
            assertThat(((Number) ParsedJson.parse(json(value))).doubleValue()).isEqualTo(value);
        }
        for (float value : new float[] {0.1f, Float.MIN_VALUE, Float.MAX_VALUE}) {
            assertThat(Float.parseFloat(json(value))).isEqualTo(value);
        }
        assertThat(new BigDecimal(json(new BigDecimal("1E-40")))).isEqualByComparingTo("1E-40");
    }

    @Test
    void whatJsonHasNoNumberForIsAString() throws Exception {
        assertThat(json(Double.NaN)).isEqualTo("\"NaN\"");
        assertThat(json(Double.NEGATIVE_INFINITY)).isEqualTo("\"-Infinity\"");
        assertThat(json(Float.POSITIVE_INFINITY)).isEqualTo("\"Infinity\"");
    }

    @Test
    void textIsEscaped() throws Exception {
        String text = "a \"quote\", a \\, a\nline, \u0001, \u00e9, \ud83d\ude00";

        assertThat(json(text)).doesNotContain("\n", "\u0001");
        assertThat(ParsedJson.parse(json(text))).isEqualTo(text);
        assertThat(json('x')).isEqualTo("\"x\"");
    }

    @Test
    void withinAPageNothingOfHtmlBegins() throws Exception {
        var text = new StringWriter();
        JsonGenerator json = Json.forHtml(text);
        json.writeStartObject();
        json.writeStringField("</script>", "<!-- <b>");
        json.writeEndObject();
        json.close();

        assertThat(text.toString()).doesNotContain("<");
        assertThat(ParsedJson.object(text.toString())).containsExactly(Map.entry("</script>", "<!-- <b>"));
    }

    @Test
    void halfACharacterSurvivesUtf8() throws Exception {
        String text = "\ud83d\ude00 \ud83d";
        String inline = Json.inline(List.of(text));
        byte[] bytes = inline.getBytes(StandardCharsets.UTF_8);

        assertThat(ParsedJson.parse(new String(bytes, StandardCharsets.UTF_8))).isEqualTo(List.of(text));
    }

    @Test
    void recordsAndMapsAreObjectsInTheirOrder() throws Exception {
        Map<String, Object> components = new LinkedHashMap<>();
        components.put("z", 1);
        components.put("a", List.of(true, 2.5));
        components.put("none", null);

        assertThat(json(new RecordValue("some.Type", components)))
                .isEqualTo("{\"z\":1,\"a\":[true,2.5],\"none\":null}");
        assertThat(json(new TreeMap<>(Map.of(2, "b", 1, "a")))).isEqualTo("{\"1\":\"a\",\"2\":\"b\"}");
    }

    /** Readers of an object keep one of several members with one name. */
    @Test
    void aMapWhoseKeysAreOneAsTextIsAListOfPairs() throws Exception {
        Map<Object, Object> map = new LinkedHashMap<>();
        map.put(1, "a");
        map.put("1", List.of("b"));
        assertThat(json(map)).isEqualTo("[[1,\"a\"],[\"1\",[\"b\"]]]");

        Map<Object, Object> none = new LinkedHashMap<>();
        none.put(null, 1);
        none.put("null", Map.of(1.0, 2));
        assertThat(json(none)).isEqualTo("[[null,1],[\"null\",{\"1.0\":2}]]");
    }

    @Test
    void collectionsAndArraysAreArrays() throws Exception {
        assertThat(json(Arrays.asList(1, null, "x"))).isEqualTo("[1,null,\"x\"]");
        assertThat(json(new int[] {1, 2})).isEqualTo("[1,2]");
        assertThat(json(new double[][] {{0.5}, {}})).isEqualTo("[[0.5],[]]");
        assertThat(json(new Object[] {"x", new long[] {3}})).isEqualTo("[\"x\",[3]]");
    }

    @Test
    void withinALineScalarsStandAsTheyAre() {
        assertThat(Json.inline("two words")).isEqualTo("two words");
        assertThat(Json.inline(2.5)).isEqualTo("2.5");
        assertThat(Json.inline(true)).isEqualTo("true");
        assertThat(Json.inline(null)).isEqualTo("none");
        assertThat(Json.inline(List.of("x", 1))).isEqualTo("[\"x\",1]");
    }

    private static String json(Object value) throws Exception {
        return Json.of(value);
    }
}
