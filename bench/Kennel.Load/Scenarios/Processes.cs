using System.Diagnostics;
using System.Globalization;

namespace Kennel.Load.Scenarios;

/// <summary>The server as a process: how soon it is ready, how much memory it takes.</summary>
internal static class Processes
{
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Looking = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(2);

    /// <summary>From starting a command until <c>/readyz</c> says ok; the command is ended afterwards.</summary>
    /// <param name="kubeconfig">May be written by the command.</param>
    public static async Task<Figures> Ready(string command, string kubeconfig, TimeSpan patience, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(patience);
        var start = Stopwatch.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", "exec " + command]) { UseShellExecute = false })!;
        try
        {
            while (!await IsReady(kubeconfig, limit.Token)) await Task.Delay(Between, limit.Token);
            return new Figures("ready").Add("ready", Clock.MillisecondsSince(start), "ms").Add("rss", Resident(process.Id), "MiB");
        }
        finally
        {
            if (!process.HasExited)
            {
                using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
                await process.WaitForExitAsync(CancellationToken.None).WaitAsync(patience, CancellationToken.None);
            }
        }
    }

    public static Figures Memory(int pid) => new Figures("rss").Add("rss", Resident(pid), "MiB");

    /// <summary>What a process uses of a core while nothing is asked of it, and its memory: after a while in which it may finish what it has begun.</summary>
    public static async Task<Figures> Idle(Figures figures, int pid, CancellationToken cancel)
    {
        using var process = Process.GetProcessById(pid);
        await Task.Delay(Settling, cancel);
        var (before, start) = (process.TotalProcessorTime, Stopwatch.GetTimestamp());
        await Task.Delay(Looking, cancel);
        process.Refresh();
        var used = (process.TotalProcessorTime - before) / Stopwatch.GetElapsedTime(start);
        return figures.Add("idleCpu", used * 100, "%").Add("rss", Resident(pid), "MiB");
    }

    private static double Resident(int pid)
    {
        var line = File.ReadLines($"/proc/{pid}/status").First(each => each.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }

    private static async Task<bool> IsReady(string kubeconfig, CancellationToken cancel)
    {
        try
        {
            using var api = new Api(Kubeconfig.Read(kubeconfig));
            return (await api.Send(HttpMethod.Get, "/readyz", cancel: cancel)).Status == 200;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or ArgumentException or FormatException or YamlDotNet.Core.YamlException
            or InvalidDataException or System.Security.Cryptography.CryptographicException)
        {
            return false; // not there yet, or half-written
        }
    }
}
