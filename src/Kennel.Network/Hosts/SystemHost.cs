using System.ComponentModel;
using System.Diagnostics;

namespace Kennel.Network.Hosts;

/// <summary>This machine.</summary>
public sealed class SystemHost : IHost
{
    // A ruleset of a thousand services takes a fifth of a second; a minute means that something hangs.
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public async ValueTask<CommandResult> Run(string program, IReadOnlyList<string> arguments, string input, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Patience);
        Process? process = null;
        try
        {
            process = Process.Start(start)!;
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            await Feed(process, input, limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return new(process.ExitCode, await output, await error);
        }
        catch (Win32Exception missing)
        {
            return new(-1, "", $"{program} could not be started: {missing.Message}");
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            process?.Kill();
            return new(-1, "", $"{program} did not end within {Patience.TotalSeconds:0} s");
        }
        finally
        {
            process?.Dispose();
        }
    }

    public bool Set(string setting, string value)
    {
        var path = "/proc/sys/" + setting;
        try
        {
            if (!File.Exists(path)) return false;
            if (File.ReadAllText(path).Trim() != value) File.WriteAllText(path, value);
            return true;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    public IReadOnlyList<Flow> Flows() => Conntrack.Flows();

    public void Forget(Flow flow) => Conntrack.Forget(flow);

    /// <summary>A program that ends before it has read everything says itself why.</summary>
    static async Task Feed(Process process, string input, CancellationToken cancel)
    {
        try
        {
            await process.StandardInput.WriteAsync(input.AsMemory(), cancel);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
        }
    }
}
