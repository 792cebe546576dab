using System.CommandLine;
using System.Diagnostics;

namespace Kennel.Cli.Commands;

static class Kubectl
{
    public static Command Command()
    {
        var data = Options.DataDir();
        var rest = new Argument<string[]>("arguments") { Arity = ArgumentArity.ZeroOrMore, CaptureRemainingTokens = true, Description = "What kubectl gets." };
        var command = new Command("kubectl", "Runs kubectl against an instance: kennel kubectl get pods.") { data, rest };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction((parsed, cancel) => Complaint.Catch(() => Run(Kubeconfig.FileOf(parsed.GetValue(data)!), [.. parsed.GetValue(rest) ?? [], .. parsed.UnmatchedTokens], cancel)));
        return command;
    }

    static async Task<int> Run(string kubeconfig, string[] arguments, CancellationToken cancel)
    {
        var start = new ProcessStartInfo("kubectl", arguments) { UseShellExecute = false };
        start.Environment["KUBECONFIG"] = kubeconfig;
        try
        {
            using var process = Process.Start(start)!;
            await process.WaitForExitAsync(cancel);
            return process.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new Complaint("kubectl isn't on the PATH: install it (Debian: apt-get install kubernetes-client)");
        }
    }
}
