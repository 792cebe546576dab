namespace Kennel.Node.Volumes;

/// <summary>What <c>fsGroup</c> does to a volume of the pod's own: group on everything, readable and writable by it, and new files inherit it.</summary>
static class Ownership
{
    const int GroupReadWrite = 0b000_110_000;
    const int GroupEnter = 0b000_001_000;
    const int InheritGroup = 0b010_000_000_000;

    public static void Apply(IHost host, string path, long group)
    {
        if (host.LinkTarget(path) is not null) return;
        var folder = host.Kind(path) is PathKind.Folder;
        var wanted = host.Mode(path) | GroupReadWrite | (folder ? GroupEnter | InheritGroup : 0);
        if (host.Group(path) != group) host.SetOwner(path, -1, group);
        if (host.Mode(path) != wanted) host.SetMode(path, wanted);
        if (folder) foreach (var name in host.List(path)) Apply(host, $"{path}/{name}", group);
    }
}
