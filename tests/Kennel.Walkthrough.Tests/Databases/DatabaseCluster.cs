using Kennel.Walkthrough.Tests.Guides;
using Kennel.Walkthrough.Tests.Running;

namespace Kennel.Walkthrough.Tests.Databases;

/// <summary>One cluster with real containers, and the image of an example made from Debian packages or found in its cache.</summary>
/// <param name="name">The example's folder in examples/databases.</param>
public abstract class DatabaseCluster(string name) : IAsyncLifetime
{
    public Cluster Cluster { get; } = new("containerd");

    public string Folder { get; } = Path.Combine(Repository.Root, "examples", "databases", name);

    public virtual async Task InitializeAsync()
    {
        await Cluster.Start();
        (await Program.Run(Path.Combine(Folder, "image.sh"), [Cluster.Kennel, Cluster.DataFolder], patience: TimeSpan.FromMinutes(10))).Succeeded();
    }

    /// <summary>Types what docs/guides/databases.md says under a heading.</summary>
    public async Task Follow(string heading)
    {
        using var terminal = new Terminal(Cluster, Folder);
        var steps = Guide.Read(Path.Combine(Repository.Root, "docs", "guides", "databases.md")).Where(s => s.Heading == heading).ToList();
        steps.ShouldNotBeEmpty();
        await terminal.Follow(steps);
    }

    /// <summary>What a container prints when it is asked with a program of its own.</summary>
    public async Task<string> Ask(string pod, string container, params string[] command) =>
        (await Cluster.Kubectl(["exec", pod, "-c", container, "--", .. command])).Succeeded();

    /// <summary>kill -9 of Kennel when it has deleted a pod of a roll and not yet got it back, and a start.</summary>
    public async Task KillAgentInRollOf(string set, string highest)
    {
        await Cluster.Ok($"rollout restart sts/{set}");
        await Cluster.Ok($"wait --for=delete pod/{highest} --timeout=60s");
        await Cluster.Kill();
        await Cluster.Start();
        await Rolled(set);
    }

    public Task<string> Rolled(string set) => Cluster.Ok($"rollout status sts/{set} --timeout=150s");

    /// <summary>Stops it; what it has left on the machine.</summary>
    public async Task<IReadOnlyList<string>> Stop()
    {
        var uids = (await Cluster.Ok("get pods -o jsonpath={.items[*].metadata.uid}")).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        (await Cluster.Stop()).ShouldBe(0);
        return await Traces.Of(Cluster, uids);
    }

    public virtual async Task DisposeAsync() => await Cluster.DisposeAsync();
}
