package io.github.forkless.coordinator.lab;

import io.github.forkless.coordinator.WorkerPool;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.List;

/** The data stays in one process, which answers over a socket when others ask for an element. */
final class Managed implements Arrangement {
    /** Each of them is a message and its answer. */
    private static final long MAX_ACCESSES = 100_000;

    /** What a job is told: where the owner listens. */
    record Task(Kernel kernel, int parameter, String owner, long elements) {}

    @Override
    public String name() {
        return "managed";
    }

    @Override
    public String meaning() {
        return "workers ask one process for each element";
    }

    @Override
    public String explanation() {
        return "One owner process keeps the data, and a worker that wants an element asks for it with a message and"
                + " waits for the answer."
                + " Nothing is copied as a whole, but each access costs thousands of times what reading memory does.";
    }

    @Override
    public Work portion(Work whole) {
        Work some = whole.withJobs(whole.procs());
        return some.withElements(MAX_ACCESSES / some.jobs());
    }

    @Override
    public void run(Work work, Results results) throws Exception {
        int[] data = HeapCopy.read(work.data(), work.elements());
        // Beside the data: a socket's name must be short, and the laboratory removes the folder.
        Path name = work.data().resolveSibling("owner");
        try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(name));
            Thread.ofPlatform().daemon().start(() -> listen(server, data));
            List<Task> tasks = work.parameters().stream()
                    .map(parameter -> new Task(work.kernel(), parameter, name.toString(), work.elements()))
                    .toList();
            try (var pool = WorkerPool.open(Pools.options(work))) {
                Pools.awaitStart(work, results);
                Pools.pass(pool.stream(tasks, (_, task) -> ask(task)), results);
                results.hold();
            }
        }
    }

    private static void listen(ServerSocketChannel server, int[] data) {
        try {
            while (true) {
                SocketChannel asking = server.accept();
                Thread.ofPlatform().daemon().start(() -> answer(asking, data));
            }
        } catch (AsynchronousCloseException e) {
            // All is done.
        } catch (IOException e) {
            e.printStackTrace();
        }
    }

    private static void answer(SocketChannel asking, int[] data) {
        ByteBuffer question = ByteBuffer.allocateDirect(Long.BYTES);
        ByteBuffer answer = ByteBuffer.allocateDirect(Integer.BYTES);
        try (asking) {
            while (readWhole(asking, question)) {
                answer.clear()
                        .putInt(data[Math.toIntExact(question.getLong(0))])
                        .flip();
                writeWhole(asking, answer);
            }
        } catch (IOException e) {
            e.printStackTrace();
        }
    }

    /** As the job would read memory: one element after another, as it needs them. */
    private static long ask(Task task) throws IOException {
        ByteBuffer question = ByteBuffer.allocateDirect(Long.BYTES);
        ByteBuffer answer = ByteBuffer.allocateDirect(Integer.BYTES);
        int[] told = new int[Math.toIntExact(task.elements)];
        try (var owner = SocketChannel.open(UnixDomainSocketAddress.of(task.owner))) {
            for (int i = 0; i < told.length; i++) {
                question.clear().putLong(i).flip();
                writeWhole(owner, question);
                if (!readWhole(owner, answer)) {
                    throw new EOFException("the owner of the data is gone");
                }
                told[i] = answer.getInt(0);
            }
        }
        return task.kernel.of(HeapCopy.block(told), task.parameter);
    }

    private static void writeWhole(SocketChannel channel, ByteBuffer message) throws IOException {
        while (message.hasRemaining()) {
            channel.write(message);
        }
    }

    /** @return false at the end of the stream */
    private static boolean readWhole(SocketChannel channel, ByteBuffer message) throws IOException {
        message.clear();
        while (message.hasRemaining()) {
            if (channel.read(message) < 0) {
                return false;
            }
        }
        return true;
    }
}
