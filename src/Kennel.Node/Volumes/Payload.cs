namespace Kennel.Node.Volumes;

/// <summary>One file of a configMap, secret, downwardAPI or projected volume.</summary>
/// <param name="Path">Relative, may have folders.</param>
public sealed record PayloadFile(string Path, byte[] Content, int Mode);

/// <summary>
/// Publishes files so that a reader sees all of the old ones or all of the new ones: they lie in a fresh folder, <c>..data</c> is a link to it
/// that is replaced in one rename, and the visible names are links through <c>..data</c>.
/// </summary>
static class Payload
{
    const string Data = "..data";

    /// <summary>True when anything changed.</summary>
    public static bool Publish(IHost host, string folder, IReadOnlyList<PayloadFile> files, long? group)
    {
        host.MakeFolder(folder, 0b111_101_101);
        var old = host.LinkTarget($"{folder}/{Data}");
        if (old is not null && Same(host, $"{folder}/{old}", files)) return false;
        var fresh = Fresh(host, folder);
        foreach (var file in files) Write(host, $"{folder}/{fresh}", file, group);
        if (group is { } g) Grant(host, $"{folder}/{fresh}", g);
        host.Link($"{folder}/{Data}", fresh);
        LinkNames(host, folder, files);
        if (old is not null) host.Remove($"{folder}/{old}");
        return true;
    }

    static string Fresh(IHost host, string folder)
    {
        var number = 1;
        while (host.Kind($"{folder}/..{number:d8}") is PathKind.Folder && host.List(folder).Contains($"..{number:d8}")) number++;
        host.MakeFolder($"{folder}/..{number:d8}", 0b111_101_101);
        return $"..{number:d8}";
    }

    static void Write(IHost host, string folder, PayloadFile file, long? group)
    {
        var path = $"{folder}/{file.Path}";
        host.MakeFolder(Path.GetDirectoryName(path)!, 0b111_101_101);
        host.WriteFile(path, file.Content, group is null ? file.Mode : file.Mode | 0b000_100_000);
        if (group is { } g) host.SetOwner(path, -1, g);
    }

    static void Grant(IHost host, string folder, long group) => host.SetOwner(folder, -1, group);

    static void LinkNames(IHost host, string folder, IReadOnlyList<PayloadFile> files)
    {
        var names = files.Select(f => f.Path.Split('/')[0]).ToHashSet(StringComparer.Ordinal);
        foreach (var name in names)
            if (host.LinkTarget($"{folder}/{name}") is null) host.Link($"{folder}/{name}", $"{Data}/{name}");
        foreach (var name in host.List(folder))
            if (!name.StartsWith("..", StringComparison.Ordinal) && !names.Contains(name)) host.Remove($"{folder}/{name}");
    }

    static bool Same(IHost host, string folder, IReadOnlyList<PayloadFile> files)
    {
        if (Count(host, folder) != files.Count) return false;
        foreach (var file in files)
            if (host.ReadTail($"{folder}/{file.Path}", file.Content.Length + 1) is not { } content || !content.AsSpan().SequenceEqual(file.Content)) return false;
        return true;
    }

    static int Count(IHost host, string folder) =>
        host.List(folder).Sum(name => host.Kind($"{folder}/{name}") is PathKind.Folder ? Count(host, $"{folder}/{name}") : 1);
}
