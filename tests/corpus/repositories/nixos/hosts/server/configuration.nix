{ ... }: { networking.hostName = "server"; }
