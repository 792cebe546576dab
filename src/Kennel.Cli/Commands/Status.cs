using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kennel.Cli.Waits;
using Kennel.Objects;
using Kennel.Objects.Apps;
using Kennel.Objects.Core;
using Kennel.Objects.Schemas;
using Spectre.Console;

namespace Kennel.Cli.Commands;

/// <summary>What runs, and what waits for what: of the whole instance, or of one object and what it is made of.</summary>
static class Status
{
    static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Command()
    {
        var data = Options.DataDir();
        var what = new Argument<string[]>("object") { Description = "KIND/NAME (sts/web, pvc/www-web-0): what this object waits for, and what it is made of.", Arity = new(0, 2) };
        var space = new Option<string>("--namespace", "-n") { Description = "The object's namespace.", HelpName = "NAME", DefaultValueFactory = _ => "default" };
        var output = new Option<string?>("--output", "-o") { Description = "json: for programs.", HelpName = "json" };
        output.AcceptOnlyFromAmong("json");
        var command = new Command("status", "Shows an instance: its nodes, its sets, and what waits for what.") { what, data, space, output };
        command.SetAction((parsed, cancel) => Complaint.Catch(async () =>
        {
            var folder = parsed.GetValue(data)!;
            if (Instance.Find(folder) is not { } instance || RunningProcess.Of(instance) is not { } pid)
                throw new Complaint($"no kennel runs for {folder}: start it with `kennel up --data-dir {folder}`");
            using var api = LocalApi.Open(instance);
            var waits = WaitingDocument.Read(await api.Get("/kennel/waiting", cancel));
            var json = parsed.GetValue(output) is not null;
            if (parsed.GetValue(what) is { Length: > 0 } words) await One(api, waits, ObjectName.Parse([.. words], Catalog.BuiltIn), parsed.GetValue(space)!, json, cancel);
            else if (json) Print(await Whole(api, pid, waits, cancel));
            else await All(api, pid, waits, cancel);
            return 0;
        }));
        return command;
    }

    static async Task One(LocalApi api, ImmutableArray<Wait> waits, ObjectName name, string space, bool json, CancellationToken cancel)
    {
        var key = new ObjectKey(name.Type.Namespaced ? space : "", name.Name);
        if (!await api.Exists(name.Type.Id.Path(key.Namespace, key.Name), cancel))
            throw new Complaint($"{name.Type.QualifiedName} \"{name.Name}\" not found{(name.Type.Namespaced ? $" in namespace {space}" : "")}");
        var cluster = new Waits.Cluster(
            await api.List<StatefulSet>(cancel, space), await api.List<Deployment>(cancel, space), await api.List<ReplicaSet>(cancel, space),
            await api.List<Pod>(cancel, space), await api.List<PersistentVolumeClaim>(cancel, space), await api.List<PersistentVolume>(cancel));
        var standing = Standing.Of(name.Type.Id, key, cluster, waits);
        if (json) Print(Report.Json(standing));
        else foreach (var line in Report.Lines(standing, Now)) Console.WriteLine(line);
    }

    static async Task All(LocalApi api, int pid, ImmutableArray<Wait> waits, CancellationToken cancel)
    {
        Console.WriteLine($"kennel (pid {pid}) serves at {api.Address}");
        foreach (var node in await api.List<Objects.Core.Node>(cancel)) Console.WriteLine($"node {node.Metadata.Name}: {(IsReady(node) ? "Ready" : "NotReady")}");
        var sets = await api.List<StatefulSet>(cancel);
        var table = new Spectre.Console.Table().Border(TableBorder.None).AddColumns("NAMESPACE", "STATEFULSET", "READY");
        foreach (var set in sets) table.AddRow(set.Metadata.Namespace ?? "", set.Metadata.Name ?? "", $"{set.Status?.ReadyReplicas ?? 0}/{set.Spec?.Replicas ?? 1}");
        if (sets.Count > 0) AnsiConsole.Write(table);
        foreach (var wait in waits) Console.WriteLine(Report.Named(wait, Now));
    }

    static async Task<JsonObject> Whole(LocalApi api, int pid, ImmutableArray<Wait> waits, CancellationToken cancel) => new()
    {
        ["address"] = api.Address,
        ["pid"] = pid,
        ["nodes"] = new JsonArray([.. (await api.List<Objects.Core.Node>(cancel)).Select(n => (JsonNode)new JsonObject { ["name"] = n.Metadata.Name, ["ready"] = IsReady(n) })]),
        ["statefulSets"] = new JsonArray([.. (await api.List<StatefulSet>(cancel)).Select(s => (JsonNode)new JsonObject
        {
            ["namespace"] = s.Metadata.Namespace, ["name"] = s.Metadata.Name, ["ready"] = s.Status?.ReadyReplicas ?? 0, ["replicas"] = s.Spec?.Replicas ?? 1,
        })]),
        ["waiting"] = new JsonArray([.. waits.Select(w => (JsonNode)WaitingDocument.Of(w))]),
    };

    static bool IsReady(Objects.Core.Node node) => node.Status?.Conditions.FirstOrDefault(c => c.Type == "Ready")?.Status == "True";

    static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    static void Print(JsonNode json) => Console.WriteLine(json.ToJsonString(s_indented));
}
