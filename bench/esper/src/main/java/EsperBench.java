import com.espertech.esper.common.client.configuration.Configuration;
import com.espertech.esper.compiler.client.CompilerArguments;
import com.espertech.esper.compiler.client.EPCompilerProvider;
import com.espertech.esper.runtime.client.EPDeployment;
import com.espertech.esper.runtime.client.EPEventService;
import com.espertech.esper.runtime.client.EPRuntime;
import com.espertech.esper.runtime.client.EPRuntimeProvider;
import com.espertech.esper.runtime.client.EPStatement;
import com.sun.management.OperatingSystemMXBean;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs one workload of bench/epl-workloads.ts, which comes in by standard input, and prints one JSON object a run: as
 * bench/epl-child.ts does. CPU time is that of the whole process, garbage collection and JIT included, without start-up:
 * Esper is loaded, the statements are compiled and the events are in memory before it is taken.
 */
public final class EsperBench {
  private record Draw(String kind, String name, String prefix, int from, int below, Object[] of) {}

  private record Type(String name, List<Draw> draws) {}

  private int state = 12345;
  private final List<Type> types = new ArrayList<>();
  private int events;
  private int perMillisecond;
  private int runs;
  private long startMs;
  private String epl;
  private long rows;

  public static void main(String[] args) throws Exception {
    new EsperBench().run();
  }

  private int random(int below) {
    state = state * 1664525 + 1013904223;
    return (int) ((state & 0xffffffffL) / 4294967296.0 * below);
  }

  /** Lines of fields between tabs; behind the line `epl` the module. */
  private void read() throws Exception {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] fields = line.split("\t", -1);
      switch (fields[0]) {
        case "events" -> events = Integer.parseInt(fields[1]);
        case "perMillisecond" -> perMillisecond = Integer.parseInt(fields[1]);
        case "runs" -> runs = Integer.parseInt(fields[1]);
        case "startMs" -> startMs = Long.parseLong(fields[1]);
        case "type" -> types.add(new Type(fields[1], new ArrayList<>()));
        case "text" -> add(new Draw("text", fields[1], fields[2], 0, Integer.parseInt(fields[3]), null));
        case "number" ->
            add(new Draw("number", fields[1], null, Integer.parseInt(fields[2]), Integer.parseInt(fields[3]), null));
        case "choice" -> {
          Object[] of = new Object[fields.length - 3];
          for (int i = 0; i < of.length; i++)
            of[i] = fields[2].equals("number") ? Integer.valueOf(fields[i + 3]) : fields[i + 3];
          add(new Draw("choice", fields[1], null, 0, of.length, of));
        }
        case "epl" -> {
          StringBuilder text = new StringBuilder();
          for (String rest = in.readLine(); rest != null; rest = in.readLine()) text.append(rest).append('\n');
          epl = text.toString();
        }
        default -> throw new IllegalArgumentException(line);
      }
    }
  }

  private void add(Draw draw) {
    types.get(types.size() - 1).draws().add(draw);
  }

  private void run() throws Exception {
    read();
    byte[] drawn = new byte[events];
    List<Map<String, Object>> inputs = new ArrayList<>(events);
    for (int i = 0; i < events; i++) {
      int type = types.size() == 1 ? 0 : random(types.size());
      Map<String, Object> event = new HashMap<>();
      for (Draw draw : types.get(type).draws()) {
        int number = random(draw.below());
        Object value =
            switch (draw.kind()) {
              case "text" -> draw.prefix() + number;
              case "number" -> draw.from() + number;
              default -> draw.of()[number];
            };
        event.put(draw.name(), value);
      }
      drawn[i] = (byte) type;
      inputs.add(event);
    }
    Configuration configuration = new Configuration();
    configuration.getRuntime().getThreading().setInternalTimerEnabled(false);
    configuration.getCompiler().getByteCode().setAllowSubscriber(true);
    configuration.getCompiler().getByteCode().setAccessModifiersPublic();
    configuration.getCompiler().getByteCode().setBusModifierEventType(
        com.espertech.esper.common.client.util.EventTypeBusModifier.BUS);
    var compiled = EPCompilerProvider.getCompiler().compile(epl, new CompilerArguments(configuration));
    var machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    for (int i = 0; i < runs; i++) {
      EPRuntime runtime = EPRuntimeProvider.getRuntime("run-" + i, configuration);
      EPEventService service = runtime.getEventService();
      System.gc();
      long before = machine.getProcessCpuTime();
      service.advanceTime(startMs);
      EPDeployment deployment = runtime.getDeploymentService().deploy(compiled);
      rows = 0;
      for (EPStatement statement : deployment.getStatements()) {
        if (!statement.getName().equals("out")) continue;
        statement.addListener(
            (newRows, oldRows, from, by) ->
                rows += (newRows == null ? 0 : newRows.length) + (oldRows == null ? 0 : oldRows.length));
      }
      send(service, inputs, drawn);
      double cpuSeconds = (machine.getProcessCpuTime() - before) / 1e9;
      runtime.destroy();
      System.out.println(
          "{\"rows\":" + rows + ",\"cpuSeconds\":" + cpuSeconds + ",\"peakRss\":" + peakRss() + "}");
    }
  }

  private void send(EPEventService service, List<Map<String, Object>> inputs, byte[] drawn) {
    String[] names = types.stream().map(Type::name).toArray(String[]::new);
    int left = 0;
    long nowMs = startMs;
    for (int i = 0; i < drawn.length; i++) {
      if (left == 0) {
        service.advanceTime(nowMs++);
        left = perMillisecond;
      }
      left--;
      service.sendEventMap(inputs.get(i), names[drawn[i]]);
    }
  }

  /** Peak resident set of the process, bytes. */
  private static long peakRss() throws Exception {
    for (String line : Files.readAllLines(Path.of("/proc/self/status")))
      if (line.startsWith("VmHWM:")) return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
    return 0;
  }
}
