using System.Diagnostics;
using System.Text;

namespace Kennel.Node.Runtime.Containerd;

internal readonly record struct CommandResult(int ExitCode, string Output, string Error)
{
    public string Problem => Error.Trim().Length > 0 ? Error.Trim() : Output.Trim();
}

/// <summary>Running programs, and finding ours again after a restart.</summary>
internal static class Processes
{
    /// <summary>Runs a program to its end. It is killed when <paramref name="cancel"/> fires.</summary>
    public static async Task<CommandResult> Run(string program, IEnumerable<string> arguments, CancellationToken cancel)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false, WorkingDirectory = "/",
        })!;
        process.StandardInput.Close();
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancel);
            var error = process.StandardError.ReadToEndAsync(cancel);
            await process.WaitForExitAsync(cancel);
            return new CommandResult(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>Processes whose program has this name and whose arguments contain all of these. Zombies have no arguments and are not found.</summary>
    public static IReadOnlyList<int> Find(string program, params string[] arguments)
    {
        var found = new List<int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), out var id) && Arguments(id) is [var first, .. var rest]
                && Path.GetFileName(first) == program && arguments.All(rest.Contains))
            {
                found.Add(id);
            }
        }
        return found;
    }

    /// <summary>TERM, then KILL when it hasn't gone in time.</summary>
    public static async Task Stop(int id, TimeSpan patience, TimeProvider time)
    {
        var identity = Arguments(id);
        bool Alive() => Arguments(id) is { Length: > 0 } now && now.SequenceEqual(identity);
        if (!Alive())
        {
            return;
        }
        _ = Libc.Signal(id, Libc.Terminate);
        var end = time.GetUtcNow() + patience;
        while (Alive() && time.GetUtcNow() < end)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), time);
        }
        if (Alive())
        {
            _ = Libc.Signal(id, Libc.Kill);
        }
        while (Alive() && time.GetUtcNow() < end + patience)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), time);
        }
    }

    private static string[] Arguments(int id)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{id}/cmdline")).Split('\0', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
