import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** Writes a made-up price series as a NumPy file, the same one every time: java Prices.java FILE COUNT */
public class Prices {
    public static void main(String[] args) throws IOException {
        int count = Integer.parseInt(args[1]);
        ByteBuffer bytes = ByteBuffer.allocate(128 + count * 8).order(ByteOrder.LITTLE_ENDIAN);
        bytes.put((byte) 0x93).put("NUMPY".getBytes(StandardCharsets.US_ASCII));
        bytes.put((byte) 1).put((byte) 0).putShort((short) 118); // version 1.0, length of the header
        String header = "{'descr': '<f8', 'fortran_order': False, 'shape': (" + count + ",), }";
        bytes.put(String.format("%-117s\n", header).getBytes(StandardCharsets.US_ASCII));
        var random = new Random(1);
        double price = 100;
        double trend = 0;
        for (int i = 0; i < count; i++) {
            trend = 0.9 * trend + (random.nextDouble() - 0.5) / 500;
            price *= 1 + trend;
            bytes.putDouble(price);
        }
        Files.write(Path.of(args[0]), bytes.array());
    }
}
