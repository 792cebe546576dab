using System.Globalization;

namespace Kennel.Walkthrough.Tests.Running;

/// <summary>Processes of containers, as the machine sees them.</summary>
static class Processes
{
    /// <summary>kill -9 of a container's first process from outside, which ends its others too.</summary>
    public static Task Kill(Cluster cluster, string pod, string container) => Signal(cluster, pod, container, "KILL");

    /// <summary>Sends a signal to a container's first process, as one that the container can't tell the origin of.</summary>
    public static async Task Signal(Cluster cluster, string pod, string container, string signal)
    {
        var id = await cluster.Ok($"get pod {pod} -o jsonpath={{.status.containerStatuses[?(@.name==\"{container}\")].containerID}}");
        (await Program.Run("kill", [$"-{signal}", $"{await First(id.Replace("containerd://", "", StringComparison.Ordinal))}"])).Succeeded();
    }

    /// <summary>The process id of the instance's containerd.</summary>
    public static async Task<string> Containerd(Cluster cluster) =>
        (await Program.Run("pgrep", ["-f", $"^[^ ]*containerd --config /run/kennel/{Traces.Id(cluster)}/"])).Succeeded().Trim();

    static async Task<int> First(string containerId)
    {
        foreach (var process in Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(n => int.TryParse(n, CultureInfo.InvariantCulture, out _)))
        {
            try
            {
                if (!(await File.ReadAllTextAsync($"/proc/{process}/cgroup")).Contains(containerId, StringComparison.Ordinal)) continue;
                var own = (await File.ReadAllLinesAsync($"/proc/{process}/status")).First(l => l.StartsWith("NSpid:", StringComparison.Ordinal)).Split('\t');
                if (own[^1] == "1") return int.Parse(process!, CultureInfo.InvariantCulture);
            }
            catch (IOException)
            {
                // ended in between
            }
        }
        throw new InvalidOperationException($"no process of container {containerId}");
    }
}
