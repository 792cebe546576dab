using System.Diagnostics;
using System.Globalization;

namespace Kennel.Cli;

/// <summary>The <c>kennel up</c> of a data directory, if it runs: found by its pid file, trusted only if that process is a kennel.</summary>
static class RunningProcess
{
    public static int? Of(Instance instance)
    {
        if (!File.Exists(instance.PidFile) || !int.TryParse(File.ReadAllText(instance.PidFile), CultureInfo.InvariantCulture, out var pid)) return null;
        try
        {
            var command = File.ReadAllText($"/proc/{pid}/cmdline").Split('\0', StringSplitOptions.RemoveEmptyEntries);
            return command.Length > 1 && command.Contains("up") && Path.GetFileName(command[0]).StartsWith("kennel", StringComparison.Ordinal) ? pid : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Asks it to stop and waits until it has.</summary>
    /// <exception cref="Complaint">It isn't ours to stop, or didn't stop in time.</exception>
    public static async Task Stop(int pid, TimeSpan patience)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            using var late = new CancellationTokenSource(patience);
            using var kill = Process.Start(new ProcessStartInfo("kill", ["-TERM", pid.ToString(CultureInfo.InvariantCulture)]) { UseShellExecute = false, RedirectStandardError = true })!;
            await kill.WaitForExitAsync(late.Token);
            if (kill.ExitCode != 0 && !process.HasExited) throw new Complaint($"the kennel with pid {pid} is another user's: stop it with sudo");
            await process.WaitForExitAsync(late.Token);
        }
        catch (ArgumentException)
        {
            // it has ended in between
        }
        catch (OperationCanceledException)
        {
            throw new Complaint($"the kennel with pid {pid} didn't stop within {patience.TotalSeconds:0} s");
        }
    }
}
