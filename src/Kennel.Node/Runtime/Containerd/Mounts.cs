using System.Text.RegularExpressions;

namespace Kennel.Node.Runtime.Containerd;

/// <summary>What is mounted below our folders.</summary>
internal static partial class Mounts
{
    /// <summary>Mount points at or below the folder, the deepest first.</summary>
    public static IReadOnlyList<string> Below(string folder) =>
        [.. File.ReadLines("/proc/self/mountinfo").Select(line => Unescape(line.Split(' ')[4]))
            .Where(point => point == folder || point.StartsWith(folder + "/", StringComparison.Ordinal))
            .OrderByDescending(point => point.Length)];

    public static void Detach(string folder)
    {
        foreach (var point in Below(folder))
        {
            _ = Libc.Unmount(point, Libc.Detach);
        }
    }

    /// <summary>Deletes a folder of ours; refuses while anything is still mounted in it, so that no volume's content is ever deleted through it.</summary>
    public static void Delete(string folder)
    {
        Detach(folder);
        if (Below(folder) is [var left, ..])
        {
            throw new IOException($"{left} can't be unmounted: {folder} is left as it is");
        }
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Whether the folder's file system can hold overlay mounts (it can't when it is an overlay itself).</summary>
    public static bool TakesOverlay(string folder)
    {
        var probe = Directory.CreateDirectory(Path.Combine(folder, $".overlay-{Environment.ProcessId}")).FullName;
        try
        {
            foreach (var part in (string[])["lower", "upper", "work", "merged"])
            {
                Directory.CreateDirectory(Path.Combine(probe, part));
            }
            var merged = Path.Combine(probe, "merged");
            var taken = Libc.Mount("overlay", merged, "overlay", 0, $"lowerdir={probe}/lower,upperdir={probe}/upper,workdir={probe}/work") == 0;
            return taken && Libc.Unmount(merged, Libc.Detach) == 0;
        }
        finally
        {
            Directory.Delete(probe, recursive: true);
        }
    }

    private static string Unescape(string path) =>
        path.Contains('\\') ? Octal().Replace(path, code => ((char)Convert.ToInt32(code.Value[1..], 8)).ToString()) : path;

    [GeneratedRegex(@"\\[0-7]{3}")]
    private static partial Regex Octal();
}
