using System.CommandLine;
using Kennel.Load.Nodes;
using Kennel.Load.Scenarios;

namespace Kennel.Load;

/// <summary>The command line: one command a scenario.</summary>
internal static class Commands
{
    private static readonly Option<string> Config = new("--kubeconfig")
    {
        Description = "How to reach the server.", Recursive = true, DefaultValueFactory = _ => Environment.GetEnvironmentVariable("KUBECONFIG") ?? "kubeconfig",
    };

    private static readonly Option<string> Server = new("--server-name") { Description = "What the results call the server.", Recursive = true, DefaultValueFactory = _ => "server" };

    private static readonly Option<string> Image = new("--image") { Description = "What pods run.", Recursive = true, DefaultValueFactory = _ => "registry.k8s.io/pause:3.9" };

    private static readonly Option<string> StorageClass = new("--storage-class") { Description = "Of claims; the server's default if empty.", Recursive = true, DefaultValueFactory = _ => "" };

    private static readonly Option<int> SimulatedNodeCount = new("--simulate-nodes") { Description = "Registers so many nodes and plays them, for servers without nodes.", Recursive = true };

    private static readonly Option<bool> SimulatedStorage = new("--simulate-volumes") { Description = "Provides empty volumes, for servers without a provisioner.", Recursive = true };

    private static readonly Option<int?> Pid = new("--pid") { Description = "Of the server, on this machine: what it uses when nothing happens is told too.", Recursive = true };

    private static readonly Option<int> Patience = new("--patience") { Description = "Seconds until a scenario has failed.", Recursive = true, DefaultValueFactory = _ => 300 };

    public static RootCommand Root() => new("Drives any Kubernetes API and measures it. Every scenario prints a line to read and a line of JSON.")
    {
        Config, Server, Image, StorageClass, SimulatedNodeCount, SimulatedStorage, Patience, Pid,
        Sized("sts-ordered", "A StatefulSet, OrderedReady, one claim a pod, until all are Ready.", "--replicas", 20, (s, n, c) => StatefulSets.Start(s, "sts-ordered", n, "OrderedReady", c)),
        Sized("sts-parallel", "The same with Parallel.", "--replicas", 20, (s, n, c) => StatefulSets.Start(s, "sts-parallel", n, "Parallel", c)),
        Sized("rolling", "A rolling update of a StatefulSet.", "--replicas", 20, StatefulSets.Roll),
        Sized("replace", "Deletes a pod again and again; until the next one is Ready.", "--times", 10, StatefulSets.Replace),
        Sized("sets", "Many StatefulSets of 5 without claims, until all are Ready.", "--sets", 100, StatefulSets.Many),
        Sized("creates", "16 clients create 1 KiB objects.", "--count", 8000, (s, n, c) => Objects.Creates(s, 16, n, c)),
        Sized("gets", "16 clients read objects.", "--count", 20000, (s, n, c) => Objects.Gets(s, 16, n, c)),
        Sized("list", "Lists of 1.5 KB objects.", "--objects", 5000, (s, n, c) => Objects.List(s, n, 20, c)),
        Sized("fanout", "One object changes, many watchers are told.", "--watchers", 100, (s, n, c) => FanOut.Run(s, n, 200, c)),
        Ready(), Memory(),
    };

    private static Command Sized(string name, string description, string option, int normally, Func<Setting, int, CancellationToken, Task<Figures>> run)
    {
        var size = new Option<int>(option) { DefaultValueFactory = _ => normally, Description = "How many." };
        var command = new Command(name, description) { size };
        command.SetAction(async (parsed, cancel) =>
        {
            var figures = await Session.Run(Setting(parsed, name), parsed.GetValue(SimulatedNodeCount), parsed.GetValue(SimulatedStorage), (setting, token) => run(setting, parsed.GetValue(size), token), cancel);
            figures.Print(parsed.GetValue(Server)!);
        });
        return command;
    }

    private static Setting Setting(ParseResult parsed, string scenario) => new(
        new Api(Kubeconfig.Read(parsed.GetValue(Config)!)),
        $"load-{scenario}-{Environment.ProcessId}",
        parsed.GetValue(Image)!,
        parsed.GetValue(SimulatedStorage) ? SimulatedVolumes.Class : parsed.GetValue(StorageClass)!,
        TimeSpan.FromSeconds(parsed.GetValue(Patience)))
    {
        Pid = parsed.GetValue(Pid),
    };

    private static Command Ready()
    {
        var start = new Option<string>("--command") { Required = true, Description = "Starts the server; it is ended afterwards." };
        var command = new Command("ready", "From starting the server until /readyz says ok.") { start };
        command.SetAction(async (parsed, cancel) =>
            (await Processes.Ready(parsed.GetValue(start)!, parsed.GetValue(Config)!, TimeSpan.FromSeconds(parsed.GetValue(Patience)), cancel)).Print(parsed.GetValue(Server)!));
        return command;
    }

    private static Command Memory()
    {
        var pid = new Argument<int>("pid");
        var command = new Command("rss", "Resident memory of a process.") { pid };
        command.SetAction(parsed => Processes.Memory(parsed.GetValue(pid)).Print(parsed.GetValue(Server)!));
        return command;
    }
}
