using System.Diagnostics;
using Kennel.Node.Runtime.Containerd;

namespace Kennel.Node.Tests.Containers;

/// <summary>What an instance left on the machine; nothing, after its end.</summary>
public static class Traces
{
    public static IReadOnlyList<string> Of(ContainerdOptions options)
    {
        var found = new List<string>();
        found.AddRange(File.ReadLines("/proc/self/mountinfo").Where(line => line.Contains(options.InstanceId)).Select(line => "mount " + line));
        found.AddRange(Directory.GetDirectories("/sys/class/net").Where(link => Path.GetFileName(link) == options.Bridge));
        if (Directory.Exists("/var/run/netns"))
        {
            found.AddRange(Directory.GetFiles("/var/run/netns").Where(name => name.Contains(options.InstanceId)));
        }
        foreach (var folder in (string[])["/var/lib/cni/results", "/var/lib/cni/networks"])
        {
            found.AddRange(Directory.Exists(folder) ? Directory.GetFileSystemEntries(folder).Where(name => name.Contains(options.InstanceId)) : []);
        }
        found.AddRange(Processes(options.InstanceId));
        found.AddRange(Directory.Exists("/sys/fs/cgroup") ? Directory.EnumerateDirectories("/sys/fs/cgroup", "pod*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 5 })
            .Where(name => name.Contains(options.InstanceId)) : []);
        found.AddRange(Rules().Where(rule => rule.Contains(options.NetworkName)));
        found.AddRange(new[] { options.RunDirectory, options.Root }.Where(Directory.Exists));
        return found;
    }

    private static IEnumerable<string> Processes(string instanceId) =>
        Directory.GetDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), out var id) && id != Environment.ProcessId)
            .Select(CommandLine).Where(line => line.Contains("/" + instanceId + "/")).Select(line => "process " + line);

    private static string CommandLine(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline")).Replace('\0', ' ');
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    public static string[] Rules()
    {
        using var process = Process.Start(new ProcessStartInfo("iptables-save") { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        return process.StandardOutput.ReadToEnd().Split('\n');
    }
}
