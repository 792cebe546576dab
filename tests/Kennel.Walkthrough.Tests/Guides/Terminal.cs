using Kennel.Walkthrough.Tests.Running;

namespace Kennel.Walkthrough.Tests.Guides;

/// <summary>Types a guide's commands into a shell, as a reader would, and compares what they print.</summary>
public sealed class Terminal(Cluster cluster, string folder) : IDisposable
{
    static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    static readonly TimeSpan s_again = TimeSpan.FromMilliseconds(300);

    readonly string _tools = Directory.CreateTempSubdirectory("kennel-guide-").FullName;
    SecondTerminal? _second;

    /// <summary>kubectl and kennel find the cluster by themselves, as they do on a reader's machine.</summary>
    Dictionary<string, string> Environment_ => new()
    {
        ["KUBECONFIG"] = cluster.Kubeconfig, ["PATH"] = $"{_tools}:{Environment.GetEnvironmentVariable("PATH")}", ["SHELL"] = "/bin/sh",
    };

    public async Task Follow(IEnumerable<Step> steps)
    {
        var kennel = Path.Combine(_tools, "kennel");
        await File.WriteAllTextAsync(kennel, $"#!/bin/sh\nexec {Cluster.Kennel} \"$@\" --data-dir {cluster.DataFolder}\n");
        File.SetUnixFileMode(kennel, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        foreach (var step in steps)
        {
            if (step is Step.Second second) _second = await SecondTerminal.Open(second.Text, Environment_);
            else if (step is Step.Watch watch) await _second.ShouldNotBeNull().Expect(watch);
            else await Type((Step.Command)step);
        }
    }

    async Task Type(Step.Command command)
    {
        var expected = command.Answer.Select(Plain.Line).Where(l => l.Length > 0).ToList();
        using var late = new CancellationTokenSource(s_patience);
        while (true)
        {
            var actual = await Printed(command);
            if (command.NeedsTerminal ? Plain.ShowsAmongOthers(actual, expected) : Plain.Shows(actual, expected)) return;
            if (!command.OnlyLooks || late.IsCancellationRequested)
                throw new InvalidOperationException($"{command.Heading}: $ {command.Text}\nprints\n{string.Join('\n', actual)}\nand not\n{string.Join('\n', expected)}\n\n{cluster.All()}");
            await Task.Delay(s_again);
        }
    }

    async Task<List<string>> Printed(Step.Command command)
    {
        var outcome = command.NeedsTerminal
            ? await Program.Run("script", ["-qec", command.Text, "/dev/null"], string.Concat(command.Input.Select(l => l + "\n")), Environment_, s_patience, folder)
            : await Program.Run("/bin/sh", ["-c", command.Text + " 2>&1"], null, Environment_, s_patience, folder);
        return Plain.Lines(outcome.Output);
    }

    public void Dispose()
    {
        _second?.Dispose();
        Directory.Delete(_tools, recursive: true);
    }
}
