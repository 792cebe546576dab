using System.CommandLine;
using Kennel.Cli.Commands;

var root = new RootCommand("Kennel: a home for stateful applications. Kubernetes StatefulSets as a program that you just run.")
{
    Up.Command(), Down.Command(), Status.Command(), Image.Command(), Kubeconfig.Command(), Kubectl.Command(), VersionText.Command(), Completion.Command(),
};
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
