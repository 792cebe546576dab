namespace Kennel.Walkthrough.Tests.Running;

/// <summary>A small image from a Debian package, made with the program itself.</summary>
static class Busybox
{
    public const string Name = "kennel.test/busybox:1";

    /// <summary>Packs it; the archive (an OCI layout in a tar).</summary>
    public static async Task<string> Pack(string folder)
    {
        var (root, archive) = (Path.Combine(folder, "busybox-root"), Path.Combine(folder, "busybox.tar"));
        (await Program.Run(Path.Combine(Repository.Root, "scripts", "debian-rootfs.sh"), [root, "busybox-static"])).Succeeded();
        (await Program.Run(Cluster.Kennel, ["image", "pack", root, "--name", Name, "--command", "sleep", "--command", "100000", "--output", archive])).Succeeded();
        return archive;
    }

    public static async Task Load(Cluster cluster) => (await cluster.Own("image", "load", await Pack(cluster.DataFolder))).Succeeded();
}
