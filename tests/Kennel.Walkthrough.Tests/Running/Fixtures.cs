namespace Kennel.Walkthrough.Tests.Running;

/// <summary>One simulated cluster of three nodes for a test class.</summary>
public sealed class SimulatedCluster : IAsyncLifetime
{
    public Cluster Cluster { get; } = new("simulated", "--simulated-nodes", "3");

    public Task InitializeAsync() => Cluster.Start();

    public async Task DisposeAsync() => await Cluster.DisposeAsync();
}

/// <summary>One cluster with real containers, the example's image loaded, and its manifest with a port and folders of its own.</summary>
public sealed class ContainerCluster : IAsyncLifetime
{
    public Cluster Cluster { get; } = new("containerd");

    public Manifests Manifests => new(Cluster.DataFolder);

    public async Task InitializeAsync()
    {
        await Cluster.Start();
        var script = Path.Combine(Repository.Root, "examples", "visits", "image.sh");
        (await Program.Run(script, [Cluster.Kennel, Cluster.DataFolder, "kennel/visits:1", "khannedy/nodejs-stateful:latest"])).Succeeded();
    }

    public async Task DisposeAsync() => await Cluster.DisposeAsync();
}

/// <summary>One cluster with real containers and the images of the tutorial's web servers.</summary>
public sealed class WebCluster : IAsyncLifetime
{
    public static string Folder { get; } = Path.Combine(Repository.Root, "examples", "web");

    public Cluster Cluster { get; } = new("containerd");

    public async Task InitializeAsync()
    {
        await Cluster.Start();
        (await Program.Run(Path.Combine(Folder, "image.sh"), [Cluster.Kennel, Cluster.DataFolder])).Succeeded();
    }

    public async Task DisposeAsync() => await Cluster.DisposeAsync();
}

/// <summary>The example's manifests; ports and folders replaced, so that a demo on the same machine isn't disturbed.</summary>
public sealed class Manifests(string folder)
{
    public const int Port = 30112;

    public string StatefulSet => Write("statefulset.yaml", t => t.Replace("30002", $"{Port}").Replace("/var/lib/kennel-visits", Path.Combine(folder, "visits")));

    public string Deployment => Write("deployment.yaml", t => t.Replace("30003", $"{Port + 1}"));

    public string Notes => Write("notes.yaml", t => t.Replace("/data/location", Path.Combine(folder, "location")));

    string Write(string name, Func<string, string> change)
    {
        var file = Path.Combine(folder, name);
        File.WriteAllText(file, change(File.ReadAllText(Path.Combine(Repository.Root, "examples", "visits", name))));
        return file;
    }
}
