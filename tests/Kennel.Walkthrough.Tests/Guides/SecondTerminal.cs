using System.Diagnostics;
using System.Threading.Channels;

namespace Kennel.Walkthrough.Tests.Guides;

/// <summary>A <c>kubectl get pods --watch</c> that goes on, and the changes of the pods that it has shown.</summary>
public sealed class SecondTerminal : IDisposable
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(90);

    readonly Process _process;
    readonly Channel<string> _changes = Channel.CreateUnbounded<string>();
    readonly Dictionary<string, string> _last = new(StringComparer.Ordinal);

    SecondTerminal(Process process) => _process = process;

    /// <summary>Returns when the watch is established: nothing that happens from now on is missed.</summary>
    public static async Task<SecondTerminal> Open(string command, IReadOnlyDictionary<string, string> environment)
    {
        var start = new ProcessStartInfo("/bin/sh", ["-c", $"exec {command} -v=6"]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        var watching = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var terminal = new SecondTerminal(Process.Start(start)!);
        terminal._process.OutputDataReceived += (_, line) => terminal.Heard(line.Data);
        terminal._process.ErrorDataReceived += (_, line) =>
        {
            if (line.Data?.Contains("watch=true", StringComparison.Ordinal) == true) watching.TrySetResult();
        };
        terminal._process.BeginOutputReadLine();
        terminal._process.BeginErrorReadLine();
        await watching.Task.WaitAsync(s_patience);
        return terminal;
    }

    void Heard(string? line)
    {
        if (line is null || Change(line) is not { } change) return;
        var pod = change.Split(' ')[0];
        if (_last.GetValueOrDefault(pod) == change) return;
        _last[pod] = change;
        _changes.Writer.TryWrite(change);
    }

    /// <summary>Pod, containers and status of a line; null for headers and for what a watch may or may not see on the way.</summary>
    static string? Change(string line) =>
        line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var pod, var ready, var status, ..] && pod != "NAME"
        && (ready, status) is not (("0/1", "Terminating") or ("0/1", "Running"))
            ? $"{pod} {ready} {status}" : null;

    public async Task Expect(Step.Watch step)
    {
        var expected = step.Lines.Select(l => Change(l)!).ToList();
        var seen = new List<string>();
        using var late = new CancellationTokenSource(s_patience);
        try
        {
            while (!Enough(step.Order, seen, expected)) seen.Add(await _changes.Reader.ReadAsync(late.Token));
        }
        catch (OperationCanceledException e)
        {
            throw new TimeoutException($"{step.Heading}: the watch shows\n{string.Join('\n', seen)}\nand not\n{string.Join('\n', expected)}", e);
        }
        if (step.Order == Order.All) seen.ShouldBe(expected, step.Heading);
        else if (step.Order == Order.EachPod) ByPod(seen).ShouldBe(ByPod(expected), step.Heading);
    }

    static bool Enough(Order order, List<string> seen, List<string> expected) => order switch
    {
        Order.All => seen.Count == expected.Count || seen.Count > 0 && seen[^1] != expected[seen.Count - 1],
        Order.EachPod => seen.Count == expected.Count,
        _ => expected.GroupBy(Pod).All(pod => seen.Where(s => Pod(s) == pod.Key).TakeLast(pod.Count()).SequenceEqual(pod)),
    };

    /// <summary>Pods beside one another, the changes of each in their order.</summary>
    static List<string> ByPod(IEnumerable<string> changes) => [.. changes.OrderBy(Pod, StringComparer.Ordinal)];

    static string Pod(string change) => change.Split(' ')[0];

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill(entireProcessTree: true);
        _process.Dispose();
    }
}
