using System.CommandLine;
using System.Text.Json;
using Kennel.Objects;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;
using Spectre.Console;

namespace Kennel.Cli.Commands;

/// <summary>What runs, and what waits for what.</summary>
static class Status
{
    public static Command Command()
    {
        var data = Options.DataDir();
        var what = new Argument<string?>("object") { Description = "sts/NAME or another controller's object: only what concerns it.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("status", "Shows an instance: its nodes, its sets, and what waits for what.") { what, data };
        command.SetAction((parsed, cancel) => Complaint.Catch(() => Run(parsed.GetValue(data)!, parsed.GetValue(what), cancel)));
        return command;
    }

    static async Task<int> Run(string dataFolder, string? what, CancellationToken cancel)
    {
        if (Instance.Find(dataFolder) is not { } instance || RunningProcess.Of(instance) is not { } pid)
            throw new Complaint($"no kennel runs for {dataFolder}: start it with `kennel up --data-dir {dataFolder}`");
        using var api = LocalApi.Open(instance);
        Console.WriteLine($"kennel (pid {pid}) serves at {api.Address}");
        if (what is null)
        {
            foreach (var node in await api.List<Objects.Core.Node>(cancel)) Console.WriteLine($"node {node.Metadata.Name}: {Ready(node)}");
            await Sets(api, cancel);
        }
        await Waits(api, what, cancel);
        return 0;
    }

    static string Ready(Objects.Core.Node node) => node.Status?.Conditions.FirstOrDefault(c => c.Type == "Ready")?.Status == "True" ? "Ready" : "NotReady";

    static async Task Sets(LocalApi api, CancellationToken cancel)
    {
        var sets = await api.List<StatefulSet>(cancel);
        if (sets.Count == 0) return;
        var table = new Spectre.Console.Table().Border(TableBorder.None).AddColumns("NAMESPACE", "STATEFULSET", "READY");
        foreach (var set in sets) table.AddRow(set.Metadata.Namespace ?? "", set.Metadata.Name ?? "", $"{set.Status?.ReadyReplicas ?? 0}/{set.Spec?.Replicas ?? 1}");
        AnsiConsole.Write(table);
    }

    static async Task Waits(LocalApi api, string? what, CancellationToken cancel)
    {
        var name = what is null ? null : what[(what.IndexOf('/', StringComparison.Ordinal) + 1)..];
        using var document = JsonDocument.Parse(await api.Get("/kennel/waiting", cancel));
        foreach (var wait in document.RootElement.EnumerateArray())
        {
            var key = wait.GetProperty("key").GetString()!;
            if (name is not null && key != name && !key.EndsWith("/" + name, StringComparison.Ordinal)) continue;
            Console.WriteLine($"{wait.GetProperty("controller").GetString()} {key}: waiting for {wait.GetProperty("for").GetString()}");
        }
    }
}
