using System.CommandLine;
using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using Kennel.Server.Admission;

namespace Kennel.Cli.Commands;

static class Up
{
    const int MostSimulatedNodes = 5000;

    public static Command Command()
    {
        var data = Options.DataDir();
        var listen = new Option<string>("--listen") { Description = "Where the API is served.", HelpName = "HOST:PORT", DefaultValueFactory = _ => "127.0.0.1:6443" };
        var kubeconfig = new Option<string?>("--write-kubeconfig") { Description = "Writes the administrator's kubeconfig there too.", HelpName = "FILE" };
        var runtime = new Option<string>("--runtime") { Description = "containerd runs pods as containers; simulated only seems to.", DefaultValueFactory = _ => "containerd" };
        runtime.AcceptOnlyFromAmong("containerd", "simulated");
        var nodes = new Option<int?>("--simulated-nodes") { Description = "How many nodes to simulate (1).", HelpName = "N" };
        var leave = new Option<bool>("--leave-pods") { Description = "Pods go on running after a clean stop; the next start takes them over." };
        var gates = new Option<string>("--feature-gates") { Description = $"Upstream's gates: {string.Join(", ", FeatureGates.Known)}.", HelpName = "NAME=true,…", DefaultValueFactory = _ => "" };
        var audit = new Option<string?>("--audit-log") { Description = "Writes down who asked for what, a line a request; ten files of 100 MiB are kept.", HelpName = "FILE" };
        var tokens = new Option<string?>("--token-auth-file") { Description = "Bearer tokens and whose they are: a line each, token,user,uid,\"group1,group2\".", HelpName = "FILE" };
        var enable = new Option<string[]>("--enable-admission-plugins") { Description = "Upstream's admission plugins to switch on besides those that are.", HelpName = "NAME,…" };
        var disable = new Option<string[]>("--disable-admission", "--disable-admission-plugins") { Description = "Upstream's admission plugins to switch off.", HelpName = "NAME,…" };
        var command = new Command("up", "Runs everything in the foreground until it is told to stop.") { data, listen, kubeconfig, runtime, nodes, leave, gates, enable, disable, audit, tokens };
        command.SetAction((parsed, _) => Complaint.Catch(() => Run(new UpOptions(
            Path.GetFullPath(parsed.GetValue(data)!), Address(parsed.GetValue(listen)!), parsed.GetValue(kubeconfig),
            Simulated(parsed.GetValue(runtime)!, parsed.GetValue(nodes)), parsed.GetValue(leave))
        {
            Gates = FeatureGates.Parse(parsed.GetValue(gates)!),
            Plugins = Admission(parsed.GetValue(enable) ?? [], parsed.GetValue(disable) ?? []),
            AuditLog = parsed.GetValue(audit), TokenFile = parsed.GetValue(tokens),
        })));
        return command;
    }

    static IPEndPoint Address(string text)
    {
        var named = text.StartsWith("localhost:", StringComparison.Ordinal) ? "127.0.0.1" + text["localhost".Length..] : text.StartsWith(':') ? "0.0.0.0" + text : text;
        return IPEndPoint.TryParse(named, out var address) && named.Contains(':') ? address
            : throw new Complaint($"--listen: {text} isn't an address with a port: give one like 127.0.0.1:6443");
    }

    static Plugins Admission(string[] enable, string[] disable)
    {
        var plugins = Plugins.Parse(enable, disable, out var problem);
        return problem is null ? plugins : throw new Complaint(problem);
    }

    static int? Simulated(string runtime, int? nodes) => (runtime, nodes) switch
    {
        ("containerd", null) => null,
        ("containerd", _) => throw new Complaint("--simulated-nodes goes with --runtime simulated"),
        (_, < 0 or > MostSimulatedNodes) => throw new Complaint($"--simulated-nodes: from 0 to {MostSimulatedNodes}"),
        var (_, n) => n ?? 1,
    };

    static async Task<int> Run(UpOptions options)
    {
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }

        await using var house = new Composition(options);
        await house.Start(stop.Token);
        var took = TimeProvider.System.GetUtcNow().UtcDateTime - Process.GetCurrentProcess().StartTime.ToUniversalTime();
        Console.WriteLine($"Kennel is ready in {took.TotalMilliseconds:0} ms: https://{house.Address}, export KUBECONFIG={house.KubeconfigFile}");
        await house.Run(stop.Token);
        return 0;
    }
}
