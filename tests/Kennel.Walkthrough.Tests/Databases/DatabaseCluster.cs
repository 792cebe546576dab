using Kennel.Walkthrough.Tests.Guides;
using Kennel.Walkthrough.Tests.Running;

namespace Kennel.Walkthrough.Tests.Databases;

/// <summary>One cluster with real containers and the images of examples/databases/NAME, made from Debian packages or found in their cache.</summary>
/// <param name="name">The example's folder.</param>
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

    public virtual async Task DisposeAsync() => await Cluster.DisposeAsync();
}
