using System.Diagnostics;
using System.Text;

namespace Kennel.Walkthrough.Tests.Running;

/// <param name="Code">The exit code.</param>
public sealed record Outcome(int Code, string Output, string Errors)
{
    /// <summary>The output of a command that must succeed.</summary>
    public string Succeeded() => Code == 0 ? Output : throw new InvalidOperationException($"exit code {Code}\n{Output}\n{Errors}");
}

/// <summary>Runs programs as a user's shell would.</summary>
static class Program
{
    static readonly TimeSpan s_patience = TimeSpan.FromMinutes(3);

    public static async Task<Outcome> Run(string file, IEnumerable<string> arguments, string? input = null, IReadOnlyDictionary<string, string>? environment = null, TimeSpan? patience = null,
        string folder = "")
    {
        var start = new ProcessStartInfo(file, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = folder };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>()) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        using var late = new CancellationTokenSource(patience ?? s_patience);
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(late.Token), process.StandardError.ReadToEndAsync(late.Token));
        try
        {
            if (input is not null) await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
            await process.WaitForExitAsync(late.Token);
            return new Outcome(process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException e)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{file} {string.Join(' ', arguments)} hasn't ended within {patience ?? s_patience}", e);
        }
    }

    /// <summary>Runs until a line of its output satisfies, then ends it; the lines so far.</summary>
    public static async Task<IReadOnlyList<string>> Until(string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, Func<IReadOnlyList<string>, bool> enough)
    {
        var start = new ProcessStartInfo(file, arguments) { UseShellExecute = false, RedirectStandardOutput = true };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var process = Process.Start(start)!;
        using var late = new CancellationTokenSource(s_patience);
        var lines = new List<string>();
        try
        {
            while (!enough(lines))
                lines.Add(await process.StandardOutput.ReadLineAsync(late.Token) ?? throw new InvalidOperationException($"{file} ended early:\n{string.Join('\n', lines)}"));
            return lines;
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }
}
