package io.github.forkless.common.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecretsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
        -Xmx2g -XX:+UseSerialGC               | -Xmx2g -XX:+UseSerialGC
        -Dpw=hunter2                          | -Dpw=***
        -Dharmless=a=b                        | -Dharmless=***
        -Dflag                                | -Dflag
        -Xmx2g  -Dx='two words' -ea           | -Xmx2g -Dx=*** *** -ea
        "-Dx=two words"                       | -Dx=*** ***
        -javaagent:/opt/a.jar=key=hunter2     | -javaagent:/opt/a.jar=***
        -XX:OnError=mail -s hunter2 me        | -XX:OnError=*** -s *** ***
        --add-opens java.base/java.lang=ALL   | --add-opens ***
        --add-opens=java.base/java.lang=ALL   | --add-opens=java.base/java.lang=ALL
        """)
    void optionsOfAJvmKeepTheirNames(String options, String hidden) {
        assertThat(Secrets.hiddenInJvmOptions(options)).isEqualTo(hidden);
        assertThat(Secrets.hiddenInJvmAnnouncement("Picked up JAVA_TOOL_OPTIONS: " + options))
                .isEqualTo("Picked up JAVA_TOOL_OPTIONS: " + hidden);
        assertThat(Secrets.hiddenInJvmAnnouncement(options)).isEqualTo(options);
    }

    @Test
    void argumentsLoseTheValuesOfPasswords() {
        assertThat(Secrets.hiddenInArguments(List.of(
                        "--param",
                        "password=a b,c",
                        "--param=dbPassword=x",
                        "--sweep",
                        "api_key=a,b",
                        "--param",
                        "n=20",
                        "--env",
                        "TOKEN=x",
                        "--jvm-option",
                        "-Dkey=x",
                        "--jvm-option=-javaagent:a.jar=x",
                        "--jvm-option=-Xss1m",
                        "--job",
                        "pw=x",
                        "data.bin")))
                .containsExactly(
                        "--param",
                        "password=***",
                        "--param=dbPassword=***",
                        "--sweep",
                        "api_key=***",
                        "--param",
                        "n=20",
                        "--env",
                        "TOKEN=***",
                        "--jvm-option",
                        "-Dkey=***",
                        "--jvm-option=-javaagent:a.jar=***",
                        "--jvm-option=-Xss1m",
                        "--job",
                        "pw=x",
                        "data.bin");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        n=20 password=x text=y            | n=20 password=*** text=y
        Login[user=me, pw=x, n=1]; Login[pw=y] | Login[user=me, pw=***, n=1]; Login[pw=***]
        above=5 below=7                   | above=5 below=7
        secret_key=$x\\1                  | secret_key=***
        """)
    void textLosesTheValuesOfPasswords(String text, String hidden) {
        assertThat(Secrets.hiddenIn(text)).isEqualTo(hidden);
    }
}
