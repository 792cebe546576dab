using Kennel.Walkthrough.Tests.Running;

namespace Kennel.Walkthrough.Tests.Databases;

/// <summary>PostgreSQL, the primary of which has a volume that can become full: a file system of its own.</summary>
public sealed class PostgresCluster() : DatabaseCluster("postgres")
{
    /// <summary>Where the primary's volume is on the machine.</summary>
    public string Volume => Path.Combine(Cluster.DataFolder, "small");

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        Directory.CreateDirectory(Volume);
        (await Program.Run("mount", ["-t", "tmpfs", "-o", "size=200m", "tmpfs", Volume])).Succeeded();
        var node = await Cluster.Ok("get nodes -o jsonpath={.items[0].metadata.name}");
        await Cluster.Ok("apply -f -", $$$"""
            apiVersion: v1
            kind: PersistentVolume
            metadata: {name: small}
            spec:
              capacity: {storage: 1Gi}
              accessModes: [ReadWriteOnce]
              claimRef: {namespace: default, name: data-postgres-0}
              local: {path: {{{Volume}}}}
              nodeAffinity: {required: {nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [{{{node}}}]}]}]}}
            """);
    }

    public override async Task DisposeAsync()
    {
        await Program.Run(Cluster.Kennel, ["down", "--data-dir", Cluster.DataFolder]);
        await Program.Run("umount", [Volume]);
        await base.DisposeAsync();
    }
}
