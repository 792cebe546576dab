using System.Text;
using Kennel.Node.Pods;
using Kennel.Node.Runtime;
using Kennel.Node.Volumes;
using Kennel.Objects.Core;

namespace Kennel.Node.Agent;

/// <summary>What a container left behind as its termination message: its file, or the end of its log.</summary>
sealed class LastWords(IHost host, VolumePaths paths)
{
    const int FileBytes = 4096, LogBytes = 2048, LogLines = 80;

    readonly Dictionary<string, string> _read = new(StringComparer.Ordinal);

    public SandboxState Add(Pod pod, SandboxState sandbox)
    {
        if (!sandbox.Containers.Any(Wants)) return sandbox;
        return sandbox with { Containers = [.. sandbox.Containers.Select(c => Wants(c) ? c with { Message = Of(pod, c) } : c)] };
    }

    static bool Wants(Runtime.ContainerState c) => c.Phase is ContainerPhase.Exited && c.Message.Length == 0;

    string Of(Pod pod, Runtime.ContainerState c)
    {
        if (_read.TryGetValue(c.Id, out var known)) return known;
        var text = Encoding.UTF8.GetString(host.ReadTail(paths.TerminationMessage(pod.Metadata.Uid ?? "", c.Name, c.Attempt), FileBytes) ?? []);
        var spec = Ephemeral.All(pod.Spec ?? PodSpec.Empty).FirstOrDefault(s => s.Name == c.Name);
        if (text.Length == 0 && spec?.TerminationMessagePolicy == "FallbackToLogsOnError" && c.ExitCode != 0) text = EndOfLog(pod, c);
        return _read[c.Id] = text;
    }

    string EndOfLog(Pod pod, Runtime.ContainerState c)
    {
        var meta = pod.Metadata;
        var log = host.ReadTail($"{paths.Logs(meta.Namespace ?? "", meta.Name ?? "", meta.Uid ?? "")}/{VolumePaths.LogFile(c.Name, c.Attempt)}", LogBytes * 4) ?? [];
        var lines = Encoding.UTF8.GetString(log).Split('\n', StringSplitOptions.RemoveEmptyEntries).TakeLast(LogLines).Select(Text);
        var text = string.Join('\n', lines);
        return text.Length <= LogBytes ? text : text[^LogBytes..];
    }

    /// <summary>Without time, stream and tag.</summary>
    static string Text(string line) => line.Split(' ', 4) is [_, _, _, var text] ? text : line;
}
