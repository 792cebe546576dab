using System.Globalization;
using System.Text.Json.Nodes;
using Kennel.Node.Tests.Containers;

namespace Kennel.Node.Tests.Agent;

/// <summary>
/// Pods that come and go leave nothing behind: no mount, interface, address, cgroup, packet-filter rule, folder, process or open file.
/// KENNEL_LIVES=1000 for the long run.
/// </summary>
public sealed class LivesTests(ContainerdFixture fixture) : IClassFixture<ContainerdFixture>
{
    const int AtOnce = 5;
    static readonly int s_lives = int.TryParse(Environment.GetEnvironmentVariable("KENNEL_LIVES"), CultureInfo.InvariantCulture, out var n) ? n : 20;

    [ContainerFact]
    public async Task Nothing_is_left_of_pods_that_came_and_went()
    {
        await using var node = new ContainerdNode(fixture);
        node.Api.Add("/api/v1/namespaces/default/configmaps/settings", JsonNode.Parse("""{"metadata":{"name":"settings","namespace":"default"},"data":{"a":"1"}}""")!);
        await Wave(node, 0); // what is made once (the bridge, chains, threads) is there after it
        var before = Count();
        for (var wave = 1; wave <= s_lives / AtOnce; wave++) await Wave(node, wave);
        await node.Eventually(() => Left(before).Count == 0, () => string.Join('\n', Left(before)));
    }

    static async Task Wave(ContainerdNode node, int wave)
    {
        var names = Enumerable.Range(0, AtOnce).Select(i => node.Add(
            $"life-{wave}-{i}", "trap 'exit 0' TERM; while true; do sleep 0.1; done",
            container: ""","ports":[{"containerPort":80,"hostPort":PORT}],"volumeMounts":[{"name":"m","mountPath":"/m"},{"name":"c","mountPath":"/c"}],"readinessProbe":{"exec":{"command":["test","-f","/c/a"]},"periodSeconds":1}"""
                .Replace("PORT", (23_000 + i).ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal),
            more: $$$""","initContainers":[{"name":"init","image":"{{{BusyboxImage.Tag}}}","imagePullPolicy":"IfNotPresent","command":["touch","/m/x"],"volumeMounts":[{"name":"m","mountPath":"/m"}]}],"volumes":[{"name":"m","emptyDir":{"medium":"Memory"}},{"name":"c","configMap":{"name":"settings"}}]""")).ToList();
        foreach (var name in names) await node.Until(name, p => SimulatedNode.Condition(p, "Ready") == "True");
        foreach (var name in names) node.Api.DeletePod(SimulatedNode.Path(name), 1);
        foreach (var name in names) await node.Eventually(() => node.Api.Get(SimulatedNode.Path(name)) is null, () => node.Api.Get(SimulatedNode.Path(name))?.ToJsonString() ?? "");
    }

    List<string> Left(SortedDictionary<string, int> before) =>
        [.. Count().Where(c => c.Value > before[c.Key] + (c.Key.StartsWith("containerd", StringComparison.Ordinal) ? Spare : 0)).Select(c => $"{c.Key}: {before[c.Key]} before, {c.Value} after")];

    SortedDictionary<string, int> Count()
    {
        var o = fixture.Options;
        var containerd = Directory.GetDirectories("/proc").First(p => Line(p) is var line && line.Contains("--config", StringComparison.Ordinal) && line.Contains(o.ConfigFile, StringComparison.Ordinal));
        return new(StringComparer.Ordinal)
        {
            ["mounts"] = File.ReadLines("/proc/self/mountinfo").Count(l => l.Contains(o.InstanceId, StringComparison.Ordinal)),
            ["interfaces"] = Entries($"/sys/class/net/{o.Bridge}/brif"),
            ["addresses"] = Entries($"{o.LeaseDirectory}/{o.NetworkName}"),
            ["cgroups"] = Directory.EnumerateDirectories("/sys/fs/cgroup", "podlife-*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 5, IgnoreInaccessible = true }).Count(),
            ["rules"] = Traces.Rules().Count(r => r.Contains(o.NetworkName, StringComparison.Ordinal)),
            ["pods' folders"] = Entries($"{o.DataDirectory}/pods"),
            ["logs' folders"] = Entries($"{o.DataDirectory}/logs"),
            ["runtime's folders"] = Entries($"{o.StateDirectory}/io.containerd.runtime.v2.task/k8s.io"),
            ["processes"] = Directory.GetDirectories("/proc").Count(p => Line(p).Contains($"/{o.InstanceId}/", StringComparison.Ordinal)),
            ["our files"] = Directory.GetFiles("/proc/self/fd").Count(f => Target(f).Contains(o.InstanceId, StringComparison.Ordinal)),
            ["containerd's files"] = Entries($"{containerd}/fd"),
            ["containerd's threads"] = Entries($"{containerd}/task"),
        };
    }

    /// <summary>Go opens a few more as it likes; a leak of one a life is far above it.</summary>
    static int Spare => s_lives / 2;

    static int Entries(string folder) => Directory.Exists(folder) ? Directory.GetFileSystemEntries(folder).Length : 0;

    static string Line(string process)
    {
        try { return File.ReadAllText($"{process}/cmdline").Replace('\0', ' '); }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException) { return ""; }
    }

    static string Target(string link)
    {
        try { return File.ResolveLinkTarget(link, returnFinalTarget: false)?.FullName ?? ""; }
        catch (IOException) { return ""; }
    }
}
