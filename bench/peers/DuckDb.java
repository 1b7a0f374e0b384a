import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.TreeMap;

/** The One Billion Row Challenge in DuckDB: {@code java DuckDb THREADS FILE}. */
final class DuckDb {
    private static final String QUERY = """
        SELECT name, min(value), max(value), sum((value * 10)::INT)::BIGINT, count(*)
        FROM read_csv('%s', header = false, auto_detect = false, delim = ';', quote = '', escape = '',
                      columns = {'name': 'VARCHAR', 'value': 'DECIMAL(3, 1)'})
        GROUP BY name
        """;

    public static void main(String[] args) throws SQLException {
        var lines = new TreeMap<String, String>();
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            statement.execute("SET threads = " + Integer.parseInt(args[0]));
            ResultSet rows = statement.executeQuery(QUERY.formatted(args[1].replace("'", "''")));
            while (rows.next()) {
                long sum = rows.getLong(4);
                long count = rows.getLong(5);
                long mean = Math.floorDiv(2 * sum + count, 2 * count); // in tenths, rounded half up
                lines.put(
                        rows.getString(1),
                        rows.getBigDecimal(2) + "/" + BigDecimal.valueOf(mean, 1) + "/" + rows.getBigDecimal(3));
            }
        }
        System.out.write(
                (lines + "\n").getBytes(StandardCharsets.UTF_8),
                0,
                (lines + "\n").getBytes(StandardCharsets.UTF_8).length);
        System.out.flush();
    }
}
