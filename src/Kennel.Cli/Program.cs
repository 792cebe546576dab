using System.CommandLine;
using Kennel.Cli.Commands;

// A user's shell made root by `su` has no sbin, where ip, nft and runc are.
Environment.SetEnvironmentVariable("PATH", $"{Environment.GetEnvironmentVariable("PATH")}:/usr/local/sbin:/usr/sbin:/sbin");

var root = new RootCommand("Kennel: a home for stateful applications. Kubernetes StatefulSets as a program that you just run.")
{
    Up.Command(), Down.Command(), Status.Command(), Image.Command(), Kubeconfig.Command(), Kubectl.Command(), VersionText.Command(), Completion.Command(),
};
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
